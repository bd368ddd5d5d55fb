import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeContext } from '@understudy/shared/testing';
import { createTranscriptWatch } from './transcript-watch.ts';

function setUp() {
  const context = createFakeContext('audio-gateway', { yaml: 'audio: { untranscribed_ms: 20000 }' });
  const leftOut: string[] = [];
  const engine = { text: '' };
  const watch = createTranscriptWatch(context, {
    transcribe: async () => engine.text,
    onNothing: (provider) => void leftOut.push(provider),
  });
  const hear = (speechMs: number, text: string) =>
    watch.onTranscript({ samples: new Float32Array(1), speechMs }, text, 'voice');
  const codes = () => context.errors.map(({ code }) => code);
  return { watch, hear, codes, leftOut, engine };
}

test('speech without text for its time is reported once, and each time the next provider is asked', () => {
  const { hear, codes, leftOut } = setUp();
  hear(19_999, '');
  assert.deepEqual(codes(), []);
  hear(1, '');
  hear(20_000, '');
  assert.deepEqual({ codes: codes(), leftOut }, { codes: ['SPEECH_NOT_TRANSCRIBED'], leftOut: ['voice', 'voice'] });
});

test('one text in between begins the count anew', () => {
  const { hear, codes } = setUp();
  for (const text of ['', 'hello', '']) hear(15_000, text);
  assert.deepEqual(codes(), []);
});

test('the probe fails while the failure lasts, and passes with text that came since', async () => {
  const { hear, watch, codes } = setUp();
  assert.equal((await watch.probe()).ok, true);
  hear(20_000, '');
  assert.deepEqual(await watch.probe(), { ok: false, detail: 'the last speech still gives no text' });
  hear(500, 'hello');
  assert.deepEqual(await watch.probe(), { ok: true, detail: 'what was said last became text' });
  hear(20_000, '');
  assert.equal(codes().length, 2, 'a new failure is told again');
});

test('the probe passes when the last speech gives text now', async () => {
  const { hear, watch, engine } = setUp();
  hear(20_000, '');
  engine.text = 'hello';
  assert.deepEqual(await watch.probe(), { ok: true, detail: 'the last speech, asked again, became text' });
});
