import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderRedisConfig } from './render-redis-config.ts';

test('Redis: loopback, password, no disk, 64 MB; folders of any name', () => {
  const options = {
    host: '127.0.0.1',
    port: 6479,
    password: 'p',
    folder: 'C:\\My Bot\\redis',
    logFile: '/tmp/a "b".log',
  };
  assert.equal(
    renderRedisConfig(options),
    `bind 127.0.0.1
port 6479
protected-mode yes
requirepass "p"
daemonize no
dir "C:\\\\My Bot\\\\redis"
logfile "/tmp/a \\"b\\".log"
loglevel warning
save ""
appendonly no
maxmemory 64mb
maxmemory-policy allkeys-lru
hz 1
`,
  );
});
