import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@understudy/shared/testing';
import { startStack } from '../../e2e/stack.ts';
import { type BenchRow, inMs } from '../bench-row.ts';
import { median, quantile } from '../quantile.ts';

const LIMIT_MS = 25;
const PERSONA = 'You are a bench.';
/** The chatbox takes a message every 1.5 s: what waits for it measures VRChat's limit, not the bot. */
const BETWEEN_TURNS_MS = 5000;
const QUESTION = 'test message';
/** The simulator's answer to it until the second sentence begins: then the first is known to be one. */
const UNTIL = 'So message it is. I';

/** A streamed answer by nothing but `fetch`: the simulator's own delay. */
async function askBare(baseUrl: string): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer none' },
    body: JSON.stringify({
      model: 'simulated',
      stream: true,
      messages: [
        { role: 'system', content: PERSONA },
        { role: 'user', content: QUESTION },
      ],
    }),
  });
  const decoder = new TextDecoder();
  let said = '';
  let tookMs = Number.NaN;
  for await (const bytes of response.body ?? []) {
    for (const [, piece] of decoder.decode(bytes, { stream: true }).matchAll(/"content":"([^"]*)"/g)) said += piece;
    if (Number.isNaN(tookMs) && said.includes(UNTIL)) tookMs = performance.now() - began;
  }
  return tookMs;
}

/**
 * (t) From a spoken question's transcript to its answer over the avatar's head, through the whole bot: from the model's request in the
 * simulator's log to the chatbox message in VRChat's, one clock, less what the simulator takes for the same words.
 */
export async function benchVoiceToChatbox(turns: number): Promise<BenchRow[]> {
  const stack = await startStack({ llm: { memory_turns: 0 } });
  try {
    const baseUrl = `http://127.0.0.1:${stack.ports.simulators.llm_port}/primary/v1`;
    const bare: number[] = [];
    const ours: number[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      bare.push(await askBare(baseUrl));
      const before = (await stack.simulators.state()).vrchat.chatbox.messages.length;
      await stack.simulators.say(QUESTION);
      const state = await waitFor(
        async () => {
          const now = await stack.simulators.state();
          return now.vrchat.chatbox.messages.length > before ? now : undefined;
        },
        'the answer in the chatbox',
        60_000,
      );
      const heardAt = state.openai.requests.findLast(({ path }) => path === '/audio/transcriptions')?.answeredAt;
      const shownAt = state.vrchat.chatbox.messages[before]?.at;
      if (heardAt === undefined || shownAt === undefined) throw new Error('The simulators did not note the turn.');
      ours.push(shownAt - heardAt);
      await sleep(BETWEEN_TURNS_MS);
    }
    const added = ours.map((tookMs, turn) => tookMs - (bare[turn] ?? 0));
    const p95 = quantile(added, 0.95);
    return [
      {
        id: 't',
        what: 'a transcript received to its answer in the chatbox, less the simulator’s own delay, p95',
        result: `${inMs(p95)} (p50 ${inMs(median(added))})`,
        baseline: `the simulated model asked by bare fetch until the same words: ${inMs(median(bare))}`,
        target: `<= ${LIMIT_MS} ms`,
        isMet: p95 <= LIMIT_MS,
      },
    ];
  } finally {
    await stack.stop();
  }
}
