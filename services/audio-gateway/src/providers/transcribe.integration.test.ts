import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '@understudy/shared/service';
import { startOpenAi } from '@understudy/simulators';
import OpenAI from 'openai';
import { transcribe } from './transcribe.ts';

test('an engine without memory is told as such, with what to do', async (t) => {
  const peer = await startOpenAi({ port: 0, providers: ['voice'] });
  t.after(() => peer.close());
  const provider = { name: 'voice', base_url: peer.baseUrl('voice'), model: 'whisper-1' };
  const client = new OpenAI({ baseURL: provider.base_url, apiKey: 'none', maxRetries: 0, logLevel: 'off' });
  const samples = new Float32Array(16_000);
  peer.applyFault('stt_out_of_memory');
  await assert.rejects(transcribe({ client, provider, samples, timeoutMs: 60_000, clock: systemClock }), {
    code: 'TRANSCRIPTION_OUT_OF_MEMORY',
    message:
      /^Provider voice at \S+ \(model whisper-1\) has no memory for it \(answered 500\)\. Let it run a smaller model/,
  });
});
