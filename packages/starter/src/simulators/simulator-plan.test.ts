import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig, simulatorPlan } from '@understudy/shared/config';
import { DEMO_CONFIG, readSimulatorsConfig } from '@understudy/simulators';

const plan = (yaml: string) => {
  const loaded = parseConfig(yaml, 'test.yaml');
  assert(loaded.ok);
  const made = simulatorPlan(loaded.config, loaded.simulated);
  return readSimulatorsConfig(JSON.stringify(made));
};

test('with nothing named, every simulator runs, on the ports of the demo', () => {
  const { vrchat: { avatars: _worn, ...vrchat } = {}, ...others } = DEMO_CONFIG;
  assert.deepEqual(plan(''), { ...others, vrchat });
});

test('a simulator runs only for what is not named', () => {
  const yaml = `
vrchat: { host: 127.0.0.1 }
audio: { inputs: [{ id: mic, kind: wav, folder: in }] }
vision: { source: { kind: folder, folder: frames } }
`;
  assert.deepEqual(plan(yaml), {
    control: DEMO_CONFIG.control,
    openai: DEMO_CONFIG.openai,
    audio: { microphones: [], speakers: DEMO_CONFIG.audio?.speakers },
  });
});
