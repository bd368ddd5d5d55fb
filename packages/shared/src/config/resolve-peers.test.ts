import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from './load-config.ts';
import { PEERS, type Peer } from './resolve-peers.ts';

function load(text: string) {
  const loaded = parseConfig(text, 'understudy.yaml');
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded;
}

test('with nothing named every peer is simulated, at the addresses of the simulators', () => {
  const { config, simulated } = load(
    'simulators: { llm_port: 1001, camera_port: 1002, vrchat_receive_port: 1003, vrchat_send_port: 1004, oscquery_port: 1005, speaker_port: 1006 }',
  );
  const { host, send_port, receive_port, oscquery_port } = config.vrchat;
  const vban = { kind: 'vban' };
  const speaker = { ...vban, host: '127.0.0.1', port: 1006, answers_ping: true };
  const llm = (name: string) => ({ name, base_url: `http://127.0.0.1:1001/${name}/v1`, model: 'simulated' });
  assert.deepEqual(
    {
      simulated,
      vrchat: { host, send_port, receive_port, oscquery_port },
      llm: config.llm.providers,
      inputs: config.audio.inputs,
      outputs: config.audio.outputs,
      transcription: config.audio.transcription.providers,
      speech: config.audio.speech.providers,
      camera: config.vision.source,
    },
    {
      simulated: [...PEERS],
      vrchat: { host: '127.0.0.1', send_port: 1003, receive_port: 1004, oscquery_port: 1005 },
      llm: [
        { ...llm('primary'), max_tokens: 200 },
        { ...llm('backup'), max_tokens: 200 },
      ],
      inputs: [
        { ...vban, id: 'headset-mic', stream: 'HeadsetMic' },
        { ...vban, id: 'desk-mic', stream: 'DeskMic' },
      ],
      outputs: [
        { ...speaker, id: 'headset-out', stream: 'HeadsetOut' },
        { ...speaker, id: 'desk-out', stream: 'DeskOut' },
      ],
      transcription: [llm('voice')],
      speech: [{ ...llm('voice'), voice: 'mika' }],
      camera: { kind: 'mjpeg', url: 'http://127.0.0.1:1002/stream.mjpeg' },
    },
  );
});

const provider = 'providers: [{ name: mine, base_url: "https://example.org/v1", model: m }]';
const named: Record<Peer, string> = {
  vrchat: 'vrchat: { host: 192.168.0.7 }',
  llm: `llm: { ${provider} }`,
  'audio-inputs': 'audio: { inputs: [{ id: mic, kind: wav, folder: in }] }',
  'audio-outputs': 'audio: { outputs: [{ id: out, kind: wav, folder: out }] }',
  transcription: `audio: { transcription: { ${provider} } }`,
  speech: `audio: { speech: { ${provider} } }`,
  camera: 'vision: { source: { kind: folder, folder: shots } }',
};
for (const peer of PEERS) {
  test(`a ${peer} that is named is used; all others stay simulated`, () => {
    assert.deepEqual(
      load(named[peer]).simulated,
      PEERS.filter((other) => other !== peer),
    );
  });
}

test("a real VRChat keeps VRChat's own ports", () => {
  const { host, send_port, receive_port, oscquery_port } = load(named.vrchat).config.vrchat;
  assert.deepEqual(
    { host, send_port, receive_port, oscquery_port },
    {
      host: '192.168.0.7',
      send_port: 9000,
      receive_port: 9001,
      oscquery_port: undefined,
    },
  );
});

test('what is named is passed on as it is', () => {
  assert.deepEqual(load(named.camera).config.vision.source, { kind: 'folder', folder: 'shots' });
});
