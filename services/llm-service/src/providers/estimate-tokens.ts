import type { ChatMessage } from './chat-provider.ts';

/** Roles and separators of a chat template, a message. */
const TOKENS_PER_MESSAGE = 6;
/** Of text in letters; a token of a common vocabulary holds about so many bytes of English. */
const BYTES_PER_TOKEN = 4;
/** Chinese, Japanese and Korean: about a token a character, of three bytes. */
const IDEOGRAPHS = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/gu;
const BYTES_PER_IDEOGRAPH = 3;

/** An estimate for budgets and forecasts, rather high than low; where a provider counts by itself, its word counts. */
export function estimateTokens(text: string): number {
  const ideographs = text.match(IDEOGRAPHS)?.length ?? 0;
  const other = Buffer.byteLength(text) - ideographs * BYTES_PER_IDEOGRAPH;
  return ideographs + Math.ceil(other / BYTES_PER_TOKEN);
}

export const estimatePrompt = (messages: readonly Pick<ChatMessage, 'content'>[]): number =>
  messages.reduce((sum, { content }) => sum + estimateTokens(content) + TOKENS_PER_MESSAGE, 0);
