import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePorts } from '@understudy/shared/testing';
import { checkPorts } from './check-ports.ts';

const planned = (protocol: 'tcp' | 'udp', port: number, setting: string) => ({
  protocol,
  host: '127.0.0.1',
  port,
  setting,
});

test('free ports pass, and are free afterwards', async () => {
  const [a = 0, b = 0] = await freePorts(2);
  const ports = [planned('tcp', a, 'nats.port'), planned('udp', b, 'audio.listen.port')];
  await checkPorts(ports, 'config/understudy.yaml');
  await checkPorts(ports, 'config/understudy.yaml');
});

test('every taken port is told at once, TCP and UDP, with its owner', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await Promise.all([once(server, 'listening'), once(socket, 'listening')]);
  const address = server.address();
  const tcp = typeof address === 'object' && address ? address.port : 0;
  const udp = socket.address().port;
  await assert.rejects(
    checkPorts([planned('tcp', tcp, 'nats.port'), planned('udp', udp, 'audio.listen.port')], 'config/understudy.yaml'),
    (error: Error) => {
      const [head, first, second, last] = error.message.split('\n');
      assert.equal(head, 'Nothing was started.');
      const owner = process.platform === 'linux' ? `.* \\(process ${process.pid}\\)` : '.*';
      assert.match(first ?? '', new RegExp(`^TCP port ${tcp} \\(nats.port\\) is held by ${owner}; end it`));
      assert.match(second ?? '', new RegExp(`^UDP port ${udp} \\(audio.listen.port\\) is held by ${owner}; end it`));
      assert.equal(last, 'Settings are in config/understudy.yaml.');
      return true;
    },
  );
  server.close();
  socket.close();
});

test('one port for two settings is told before anything is started', async () => {
  const [port = 0] = await freePorts(1);
  await assert.rejects(
    checkPorts([planned('tcp', port, 'nats.port'), planned('tcp', port, 'redis.port')], 'config/understudy.yaml'),
    {
      message: `Nothing was started.\nTCP port ${port} is named twice: nats.port and redis.port. Change one.\nSettings are in config/understudy.yaml.`,
    },
  );
});
