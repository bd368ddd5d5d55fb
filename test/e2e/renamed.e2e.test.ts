import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { freePorts } from '@understudy/shared/testing';
import { merge, type Yaml } from './e2e-config.ts';
import { startStack } from './stack.ts';

const CODES = {
  'audio-gateway': 'AUDIO_DEVICE_LOST',
  'llm-service': 'LLM_UNREACHABLE',
  'cv-service': 'CV_SOURCE_LOST',
};

test('what is renamed in a reloaded configuration leaves no incident of its old name behind', async (t) => {
  const [dead] = await freePorts(1);
  /** A microphone, a provider and a camera of this name, none of which is there. */
  const absent = (name: string, llmPort: number): Yaml => ({
    audio: { inputs: [{ id: name, kind: 'vban', stream: name }], speech_detection: { engine: 'energy' } },
    llm: {
      providers: [
        { name, model: 'simulated', base_url: `http://127.0.0.1:${dead}/v1` },
        { name: 'there', model: 'simulated', base_url: `http://127.0.0.1:${llmPort}/primary/v1` },
      ],
    },
    vision: { source: { kind: 'mjpeg', url: `http://127.0.0.1:${dead}/${name}` }, frame_timeout_ms: 500 },
  });
  const stack = await startStack(({ simulators }) => absent('old', simulators.llm_port), { settle: false });
  t.after(() => stack.stop());
  await stack.input('Are you there?');
  for (const code of Object.values(CODES))
    await stack.waitForIncident(
      code,
      ({ state, subject }) => state === 'degraded' && /old$/.test(subject ?? ''),
      'holds',
    );

  const config = JSON.parse(readFileSync(stack.configFile, 'utf8'));
  writeFileSync(stack.configFile, JSON.stringify(merge(config, absent('new', stack.ports.simulators.llm_port))));
  await stack.client.reload();

  for (const code of Object.values(CODES)) {
    const { id } = await stack.waitForIncident(
      code,
      ({ state, subject }) => state === 'resolved' && /old$/.test(subject ?? ''),
      'of the old name ends',
    );
    const { story } = await stack.incident(id);
    assert.match(story.at(-1)?.text ?? '', /^Ended: .*old.*/, `${code}: ${story.map(({ text }) => text).join('\n')}`);
  }
});
