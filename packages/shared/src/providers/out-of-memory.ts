import type { ProviderFailure } from './provider-failure.ts';

/**
 * Nobody has a code for it, only words: CUDA, PyTorch, Metal and ggml (Ollama, LM Studio), Ollama's own reckoning before it loads, its
 * process ended by the kernel, LM Studio's guard, and what CTranslate2 (faster-whisper, speaches) says every other time. Ollama's "may be due
 * to resource limitations" is none of it: a model that it cannot read is told so too.
 */
const NO_MEMORY =
  /\bout[ -]of[ -]memory\b|OutOfMemory|requires more system memory|insufficient (system resources|memory)|(unable|failed) to allocate|memory layout cannot be allocated|process has terminated: signal: killed|parallel_for failed: cudaErrorInvalidDevice/i;

/** LM Studio tells it of a model that it was to load, under 404. */
const NOT_LOADED = /failed to load/i;

/**
 * The machine of the server has too little memory for its model, of the processor's or of the GPU's. Ask it before `isModelUnknown`.
 * What refuses a request (4xx) may repeat a viewer's words, so there it must be about loading.
 */
export const isOutOfMemory = ({ stage, status = 500, text }: ProviderFailure): boolean =>
  stage !== 'before_answer' && (status >= 500 || NOT_LOADED.test(text)) && NO_MEMORY.test(text);
