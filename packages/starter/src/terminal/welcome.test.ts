import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain } from '@understudy/cli';
import { welcome } from './welcome.ts';

const facts = {
  report: {
    parts: [
      { name: 'nats', state: 'ready', address: 'nats://127.0.0.1:4322' },
      { name: 'redis', state: 'absent', address: 'in-process cache instead' },
      { name: 'audio-gateway', state: 'ready', address: 'http://127.0.0.1:8701' },
    ],
    simulated: ['vrchat', 'camera'],
  },
  mode: 'full',
  faults: false,
  inputAddress: 'http://127.0.0.1:8701',
  platform: 'linux',
} as const;

test('the table, what is simulated, the mode and how to talk to it', () => {
  assert.equal(
    welcome(facts, plain),
    `
  part           state   address
  nats           ready   nats://127.0.0.1:4322
  redis          absent  in-process cache instead
  audio-gateway  ready   http://127.0.0.1:8701

Simulated, because the configuration names no real one: VRChat, the camera.
Mode: full
Talk to it:
  npx understudy input "Hello, who are you?"
  curl -s http://127.0.0.1:8701/v1/input -H "content-type: application/json" -d '{"text":"Hello, who are you?"}'
Faults on purpose are off; npm start -- --faults switches them on.
Ctrl-C stops everything. Incidents and recoveries follow, a line each:
`,
  );
});

test('with faults on, real peers and a silent supervisor; the quotes of Windows', () => {
  const text = welcome(
    { ...facts, report: { ...facts.report, simulated: [] }, mode: undefined, faults: true, platform: 'win32' },
    plain,
  );
  assert.deepEqual(text.split('\n').slice(6), [
    'Mode: not known yet',
    'Talk to it:',
    '  npx understudy input "Hello, who are you?"',
    '  curl.exe -s http://127.0.0.1:8701/v1/input -H "content-type: application/json" -d "{\\"text\\":\\"Hello, who are you?\\"}"',
    'Break something:',
    '  npx understudy inject llm_timeout --duration 20s',
    'Ctrl-C stops everything. Incidents and recoveries follow, a line each:',
    '',
  ]);
});
