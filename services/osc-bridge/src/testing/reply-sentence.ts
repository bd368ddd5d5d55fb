import type { Reply } from '@understudy/shared/contracts';

/** One sentence of a reply as the llm-service sends it. */
export const reply = (turnId: string, seq: number, text: string, facts: Partial<Reply> = {}): Reply => ({
  turnId,
  seq,
  final: false,
  budgetMs: 5000,
  text,
  source: 'provider',
  by: 'provider:primary',
  mode: 'full',
  fallbackUsed: false,
  cachedResponseUsed: false,
  errors: [],
  observed: {},
  ...facts,
});
