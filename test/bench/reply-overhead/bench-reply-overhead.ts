import { randomUUID } from 'node:crypto';
import { createValidator, type Reply, ReplySchema } from '@understudy/shared/contracts';
import { createFakeContext } from '@understudy/shared/testing';
import { startOpenAi } from '@understudy/simulators';
import { compose } from '../../../services/llm-service/src/app.ts';
import { type BenchRow, inMs } from '../bench-row.ts';
import { measureInterleaved, type Rounds } from '../measure-interleaved.ts';
import { median, quantile } from '../quantile.ts';

const LIMIT_MS = 25;
const LINE = 'test message';
/** The simulator's answer to it until the second sentence begins: then the first is known to be one. */
const UNTIL = 'So message it is. I';

const isReply = createValidator(ReplySchema);

/** Reads a stream with nothing but `fetch` until the same words are there: the simulator's own delay. */
async function askBare(baseUrl: string): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer none' },
    body: JSON.stringify({ model: 'simulated', stream: true, messages: [{ role: 'user', content: LINE }] }),
  });
  let said = '';
  let tookMs = Number.NaN;
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    for (const [, piece] of decoder.decode(bytes, { stream: true }).matchAll(/"content":"([^"]*)"/g)) said += piece;
    // Read to its end, as the service does: the connection is kept.
    if (Number.isNaN(tookMs) && said.includes(UNTIL)) tookMs = performance.now() - began;
  }
  return tookMs;
}

async function startService(baseUrl: string) {
  const context = createFakeContext('llm-service', {
    yaml: `llm: { providers: [{ name: primary, base_url: '${baseUrl}', model: simulated }] }`,
  });
  let onReply: (reply: Reply) => void = () => {};
  const publish: typeof context.bus.publish = (topic, message) => {
    const checked = isReply(message);
    if (topic === 'reply' && checked.ok) onReply(checked.value);
  };
  const parts = await compose({ ...context, bus: { ...context.bus, publish } });
  return {
    /** From the input on the bus to the first sentence on it. */
    async ask(): Promise<number> {
      const turnId = randomUUID();
      const began = performance.now();
      let tookMs = Number.NaN;
      onReply = (reply) => {
        if (reply.turnId === turnId && Number.isNaN(tookMs)) tookMs = performance.now() - began;
      };
      const turn = {
        turnId,
        seq: 0,
        final: true,
        budgetMs: 60_000,
        from: 'audio-gateway',
        source: 'text',
        text: LINE,
      } as const;
      await context.bus.deliver('input', turn);
      return tookMs;
    },
    async stop() {
      context.abort();
      await parts.stop();
    },
  };
}

/** (l) What the llm-service adds to a model: ladder, breaker, prompt, moderation by words, sentences, budget. */
export async function benchReplyOverhead(rounds: Rounds): Promise<BenchRow[]> {
  const peer = await startOpenAi({ port: 0, providers: ['primary'] });
  const service = await startService(peer.baseUrl('primary'));
  try {
    const { ours, bare } = await measureInterleaved(rounds, {
      ours: service.ask,
      bare: () => askBare(peer.baseUrl('primary')),
    });
    const added = ours.map((tookMs, round) => tookMs - (bare[round] ?? 0));
    const p95 = quantile(added, 0.95);
    return [
      {
        id: 'l',
        what: 'input on the bus to the first sentence on the bus, less the simulator’s own delay, p95',
        result: `${inMs(p95)} (p50 ${inMs(median(added))})`,
        baseline: `the simulator asked by bare fetch until the same words: ${inMs(median(bare))}`,
        target: `<= ${LIMIT_MS} ms`,
        isMet: p95 <= LIMIT_MS,
      },
    ];
  } finally {
    await service.stop();
    await peer.close();
  }
}
