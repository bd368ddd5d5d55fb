import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isOutOfMemory } from './out-of-memory.ts';
import type { ProviderFailure } from './provider-failure.ts';

const failure = (text: string, more: Partial<ProviderFailure> = {}): ProviderFailure => ({
  stage: 'answered',
  hasErrorBody: true,
  isMalformed: false,
  text,
  status: 500,
  ...more,
});

/** Each as its server says it; where it was seen. */
const SAID = [
  // faster-whisper, and speaches that repeats it under `error` (speaches-ai/speaches, src/speaches/main.py)
  '500 CUDA failed with error out of memory',
  // CTranslate2 under the same pressure (homelab-00/TranscriptionSuite#268)
  '500 parallel_for failed: cudaErrorInvalidDevice: invalid device ordinal',
  // PyTorch (xinference, langgenius/dify-official-plugins#599)
  'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 318.00 MiB.',
  // debpalash/VoiceStudio#1240
  '500 Internal Server Error: CUDA error: out of memory',
  'model requires more system memory (5.6 GiB) than is available (3.2 GiB)',
  'llama runner process has terminated: error loading model: unable to allocate backend buffer',
  'llama-server reported out-of-memory during startup',
  // Ollama 0.17.4, llm/server.go
  'memory layout cannot be allocated',
  'Model loading was stopped due to insufficient system resources. Under the current settings, this model requires approximately 9.36 GB',
  'Insufficient Memory (kIOGPUCommandBufferCallbackErrorOutOfMemory)',
] as const;
for (const text of SAID) it(`knows "${text.slice(0, 60)}"`, () => assert.equal(isOutOfMemory(failure(text)), true));

it('knows it in mid-answer, and of a model that is to be loaded under any status', () => {
  const { status: _, ...inStream } = failure('CUDA error: out of memory', { stage: 'in_stream' });
  assert.equal(isOutOfMemory(inStream), true);
  const refused = 'Failed to load model "m". Error: Model loading aborted due to insufficient system resources.';
  assert.equal(isOutOfMemory(failure(refused, { status: 404 })), true);
});

it("takes no other failure for it, nor a viewer's words that a refusal repeats", () => {
  for (const text of ['500 Internal Server Error', 'CUDA error: an illegal memory access was encountered', 'memory'])
    assert.equal(isOutOfMemory(failure(text)), false, text);
  assert.equal(isOutOfMemory(failure('Invalid: "I am out of memory"', { status: 400 })), false);
  assert.equal(isOutOfMemory(failure('out of memory', { stage: 'before_answer' })), false);
});
