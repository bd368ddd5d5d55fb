import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseConfig } from '../config/index.ts';
import { toServiceError } from '../errors/index.ts';
import { createConfigHolder } from './config-holder.ts';
import { createReload, guardRules, probeConfiguration } from './config-reload.ts';
import { memoryLimit } from './memory-limit.ts';

function setUp(yaml = 'bot: main\n') {
  const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'understudy.yaml');
  writeFileSync(file, yaml);
  const first = parseConfig(yaml, file);
  if (!first.ok) return assert.fail(JSON.stringify(first.problems));
  const holder = createConfigHolder({ path: file, isNamed: true }, first);
  const reported: string[] = [];
  const reload = createReload(holder, (error) => {
    const { code, message } = toServiceError(error);
    reported.push(`${code}: ${message}`);
  });
  return { file, holder, reload, reported, write: (text: string) => writeFileSync(file, text) };
}

const GOOD = { ok: true, detail: 'the configuration on disk is in use' };

describe('a reload', () => {
  it('takes the new configuration and tells who listens', () => {
    const { holder, reload, reported, write } = setUp();
    const heard: number[] = [];
    holder.onChange(({ health }) => heard.push(health.supervisor_silent_ms));
    write('health: { supervisor_silent_ms: 7777 }\n');
    assert.deepEqual(reload(), GOOD);
    assert.equal(holder.current().health.supervisor_silent_ms, 7777);
    assert.deepEqual([heard, reported], [[7777], []]);
  });

  it('keeps the last good one, and says the place, until it is mended', () => {
    const { file, holder, reload, reported, write } = setUp();
    const before = holder.current();
    let changes = 0;
    holder.onChange(() => (changes += 1));
    write('logging:\n  levle: INFO\n');
    const refused = reload();
    const place = refused.detail;
    assert.equal(refused.ok, false);
    assert.ok(place.startsWith(`${file}:2: logging.levle: unknown name; did you mean "level"?`), place);
    assert.equal(holder.current(), before);
    assert.equal(changes, 0);
    assert.deepEqual(reported, [`CONFIGURATION_INVALID: ${place}`]);
    assert.deepEqual(probeConfiguration(holder), { ok: false, detail: place });
    write('logging:\n  level: DEBUG\n');
    const taken = {
      ok: true,
      detail: 'the configuration on disk is in use; what has changed in logging.level is taken at the next start',
    };
    assert.deepEqual(reload(), taken);
    assert.deepEqual(probeConfiguration(holder), taken);
    assert.equal(holder.current().logging.level, 'DEBUG');
  });

  it('reads another file where a fault plants one, and the own one afterwards', () => {
    const { file, holder, reload, write } = setUp();
    const planted = `${file}.planted`;
    writeFileSync(planted, 'nonsense: 1\n');
    holder.readFrom({ path: planted, isNamed: true });
    assert.equal(reload().ok, false);
    holder.readFrom(holder.file);
    write('health: { supervisor_silent_ms: 8888 }\n');
    assert.deepEqual(reload(), GOOD);
    assert.equal(holder.current().health.supervisor_silent_ms, 8888);
  });
});

it('gives the guard its lists as they are now', () => {
  const { holder, reload, write } = setUp();
  const rules = guardRules(holder, 'token');
  write('http: { allowed_hosts: [bot.lan], allowed_origins: ["http://127.0.0.1:3000"] }\n');
  reload();
  assert.deepEqual(rules(), {
    allowedHosts: ['bot.lan'],
    allowedOrigins: ['http://127.0.0.1:3000'],
    token: 'token',
  });
});

it('turns the memory limit and its threshold into bytes', () => {
  const yaml =
    'resources: { memory_limit_mb: { osc-bridge: 200 } }\nalerts: { resource_usage: { memory_threshold: "75%" } }\n';
  const { holder } = setUp(yaml);
  const MB = 1024 * 1024;
  assert.deepEqual(memoryLimit(holder.current(), 'osc-bridge'), { limitBytes: 200 * MB, thresholdBytes: 150 * MB });
});
