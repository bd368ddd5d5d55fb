import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseConfig } from '../config/index.ts';
import { READ_AT_START, waitForNextStart } from './read-at-start.ts';

const configOf = (yaml: string) => {
  const loaded = parseConfig(yaml, 'test.yaml');
  assert(loaded.ok);
  return loaded.config;
};

it('names what a reload has not changed in a process that runs, and nothing else', () => {
  const changed = 'logging: { level: DEBUG }\nhttp: { ports: { osc-bridge: 9702 } }\npersona: { name: Nova }\n';
  assert.deepEqual(waitForNextStart(configOf(''), configOf(changed)), ['logging.level', 'http.ports']);
  assert.deepEqual(waitForNextStart(configOf(changed), configOf(changed)), []);
});

it('knows each of them: a setting that was renamed would be compared with nothing', () => {
  const yaml = `
bot: other
logging: { level: DEBUG, format: pretty, output: { console: false }, rotation: { enabled: false }, performance: { enabled: false } }
http: { host: 0.0.0.0, ports: { starter: 9709 } }
nats: { port: 1 }
redis: { port: 1 }
tracing: { sample_ratio: 0.5 }
health: { heartbeat_interval_ms: 1, event_loop_blocked_ms: 1, start_grace_ms: 1 }
simulators: { control_port: 1 }
`;
  assert.deepEqual(waitForNextStart(configOf(''), configOf(yaml)), [...READ_AT_START]);
});
