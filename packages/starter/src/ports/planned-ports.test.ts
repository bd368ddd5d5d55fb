import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '@understudy/shared/config';
import { plannedPorts } from './planned-ports.ts';

const plan = (yaml: string, withRedis: boolean) => {
  const loaded = parseConfig(yaml, 'test.yaml');
  assert(loaded.ok);
  return plannedPorts(loaded.config, loaded.simulated, withRedis).map(
    ({ protocol, port, setting }) => `${protocol} ${port} ${setting}`,
  );
};
const OWN = [
  'tcp 4322 nats.port',
  'tcp 6479 redis.port',
  'tcp 8700 http.ports.supervisor',
  'tcp 8703 http.ports.llm-service',
  'tcp 8702 http.ports.osc-bridge',
  'tcp 8704 http.ports.cv-service',
  'tcp 8701 http.ports.audio-gateway',
  'tcp 8709 http.ports.starter',
  'udp 6981 audio.listen.port',
];

test('with everything simulated, the ports of every simulator are among them', () => {
  assert.deepEqual(plan('', true), [
    ...OWN,
    'udp 19001 simulators.vrchat_send_port',
    'tcp 8790 simulators.control_port',
    'udp 19000 simulators.vrchat_receive_port',
    'tcp 19002 simulators.oscquery_port',
    'tcp 8791 simulators.llm_port',
    'tcp 8792 simulators.camera_port',
    'udp 6990 simulators.speaker_port',
  ]);
});

test('with real peers and no Redis, only what is opened then', () => {
  const provider = '{ name: mine, base_url: "http://127.0.0.1:1234/v1", model: m }';
  const yaml = `
vrchat: { host: 127.0.0.1 }
llm: { providers: [${provider}] }
audio:
  inputs: [{ id: mic, kind: wav, folder: in }]
  outputs: [{ id: out, kind: wav, folder: out }]
  transcription: { providers: [${provider}] }
  speech: { providers: [${provider}] }
vision: { source: { kind: folder, folder: frames } }
`;
  assert.deepEqual(plan(yaml, false), [
    ...OWN.filter((line) => !line.includes('redis')),
    'udp 9001 vrchat.receive_port',
  ]);
});
