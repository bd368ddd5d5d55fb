import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ResolvedConfig } from '@understudy/shared/config';
import { createValidator, type Reply, ReplySchema, type TurnInput } from '@understudy/shared/contracts';
import { createFakeContext } from '@understudy/shared/testing';
import { startOpenAi } from '@understudy/simulators';
import { compose } from '../app.ts';

/** The simulator answers it with `ANSWER`, which may be repeated. */
export const LINE = 'test message';
export const ANSWER = 'So message it is. I like how you put that. Tell me more?';

const isReply = createValidator(ReplySchema);

/** Limits that a loaded machine keeps; a test of silence shortens `first_token_timeout_ms` by itself. */
const yaml = (baseUrl: (name: string) => string) => `
llm:
  deadline_ms: 50000
  first_token_timeout_ms: 20000
  next_token_timeout_ms: 20000
  cache: { timeout_ms: 20000 }
  providers:
    - { name: primary, base_url: '${baseUrl('primary')}', model: simulated }
    - { name: backup, base_url: '${baseUrl('backup')}', model: simulated }
turn: { budget_ms: 60000, delivery_wait_ms: 1 }
persona: { patterns: { other: ['Mhm.'], question: ['Hm?'], refusal: ['Not that.'], interrupted: ['Where was I?'] } }
`;

export const turnOf = (text: string, more: Partial<TurnInput> = {}): TurnInput => ({
  turnId: randomUUID(),
  seq: 0,
  final: true,
  budgetMs: 60_000,
  from: 'audio-gateway',
  source: 'text',
  text,
  ...more,
});

export const lastOf = (all: readonly Reply[]): Reply => {
  const reply = all.at(-1);
  assert.ok(reply, 'there is no reply');
  return reply;
};

export const wordsOf = (all: readonly Reply[]): string => all.map(({ text }) => text).join(' ');

/** The whole service on a fake bus, with two providers that really speak the protocol. */
export async function startLiveService() {
  const peer = await startOpenAi({ port: 0, providers: ['primary', 'backup'], pieceIntervalMs: 1 });
  const context = createFakeContext('llm-service', { yaml: yaml(peer.baseUrl) });
  const parts = await compose(context);

  const replies = (turnId: string): Reply[] =>
    context.bus.published.flatMap(({ topic, message }) => {
      const checked = isReply(message);
      return topic === 'reply' && checked.ok && checked.value.turnId === turnId ? [checked.value] : [];
    });

  return {
    peer,
    context,
    parts,
    replies,
    /** Says it on the bus and gives the answer's sentences back. */
    async say(text: string, more: Partial<TurnInput> = {}, topic: 'input' | 'utterance' = 'input'): Promise<Reply[]> {
      const input = turnOf(text, more);
      await context.bus.deliver(topic, input);
      return replies(input.turnId);
    },
    reported: () => context.errors.map(({ code, subject }) => `${code} ${subject}`),
    think: () => context.observed().think,
    /** As after a reload. */
    configure(llm: Partial<ResolvedConfig['llm']>): void {
      const config = context.config();
      context.setConfig({ ...config, llm: { ...config.llm, ...llm } });
    },
    async stop(): Promise<void> {
      peer.clearFaults();
      context.abort();
      await parts.stop();
      await peer.close();
    },
  };
}
export type LiveService = Awaited<ReturnType<typeof startLiveService>>;
