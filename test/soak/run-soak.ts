import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident, InputResponse } from '@understudy/shared/contracts';
import { type Stack, startStack } from '../e2e/stack.ts';
import { type PlannedFault, planFaults } from './plan-faults.ts';
import { type ProcessSample, sampleProcess } from './sample-process.ts';
import { type Chance, seededChance } from './seeded-chance.ts';

export interface SoakResult {
  readonly totalMs: number;
  readonly seed: number;
  readonly faults: readonly PlannedFault[];
  /** What could not be injected or killed, and why: its part was away already. */
  readonly notMade: readonly string[];
  readonly replies: readonly { readonly mode: string; readonly source: string; readonly tookMs: number }[];
  /** Questions without an answer, with the reason. */
  readonly unanswered: readonly string[];
  readonly incidents: readonly Incident[];
  readonly samples: Readonly<Record<string, readonly ProcessSample[]>>;
  /** How long after the last fault everything was well again. */
  readonly calmAfterMs: number;
  /** What is still held, waiting or wrong when all is calm: empty, or something is stuck. */
  readonly stuck: readonly string[];
}

const SAMPLE_EVERY_MS = 5000;
/** The defaults of the configuration; the tests' own are out of the way, and `memory_exhaustion` would take them. */
const LIMITS_MB = { supervisor: 384, 'audio-gateway': 512, 'osc-bridge': 384, 'llm-service': 512, 'cv-service': 512 };
const ASK_EVERY_MS = { from: 800, to: 3000 };
const QUESTIONS = [
  'Hello Mika!',
  'What do you like?',
  'Do you see the stage?',
  'Tell me a story about a fox.',
  'How do you feel today?',
  'Goodbye then!',
] as const;

/** The whole bot, talked to by viewers while one thing after another fails; then the world is mended and the bot is looked at. */
export async function runSoak(totalMs: number, seed: number, say: (line: string) => void): Promise<SoakResult> {
  const stack = await startStack({ resources: { memory_limit_mb: LIMITS_MB } });
  try {
    const ending = new AbortController();
    const beganAt = performance.now();
    const sinceMs = (): number => performance.now() - beganAt;
    const faults = planFaults(seededChance(seed), totalMs);
    const notMade: string[] = [];
    const samples = watchProcesses(stack, sinceMs, ending.signal);
    const talking = talk(stack, seededChance(seed + 1), ending.signal);

    for (const fault of faults) {
      await pause(fault.atMs - sinceMs(), ending.signal);
      say(`${(sinceMs() / 1000).toFixed(0)} s: ${describe(fault)}`);
      await make(stack, fault).catch((error: unknown) => void notMade.push(`${describe(fault)}: ${String(error)}`));
    }
    await pause(totalMs - sinceMs(), ending.signal);
    say('the faults are over');
    await stack.simulators.mend();
    const overAt = sinceMs();
    await stack.waitForCalm();
    const calmAfterMs = sinceMs() - overAt;
    ending.abort();
    const { replies, unanswered } = await talking;
    return {
      totalMs,
      seed,
      faults,
      notMade,
      replies,
      unanswered,
      incidents: await stack.incidents(),
      samples: await samples,
      calmAfterMs,
      stuck: await findStuck(stack),
    };
  } finally {
    await stack.stop();
  }
}

const describe = (fault: PlannedFault): string =>
  fault.kind === 'kill'
    ? `kill -9 ${fault.part}`
    : `${fault.fault}${fault.service ? ` of ${fault.service}` : ''} for ${(fault.durationMs / 1000).toFixed(1)} s`;

async function make(stack: Stack, fault: PlannedFault): Promise<void> {
  if (fault.kind === 'kill') return stack.kill(fault.part);
  const { durationMs, service } = fault;
  await stack.inject(fault.fault, { durationMs, ...(service ? { service } : {}) });
}

async function pause(forMs: number, signal: AbortSignal): Promise<void> {
  if (forMs > 0) await sleep(forMs, undefined, { signal }).catch(() => {});
}

async function watchProcesses(
  stack: Stack,
  sinceMs: () => number,
  signal: AbortSignal,
): Promise<SoakResult['samples']> {
  const samples: Record<string, ProcessSample[]> = {};
  while (!signal.aborted) {
    for (const [part, pid] of Object.entries(stack.pids())) {
      const sample = sampleProcess(pid, sinceMs());
      if (sample) samples[part] = [...(samples[part] ?? []), sample];
    }
    await pause(SAMPLE_EVERY_MS, signal);
  }
  return samples;
}

/** A viewer who writes, and now and then speaks. */
async function talk(
  stack: Stack,
  chance: Chance,
  signal: AbortSignal,
): Promise<Pick<SoakResult, 'replies' | 'unanswered'>> {
  const replies: { mode: string; source: string; tookMs: number }[] = [];
  const unanswered: string[] = [];
  while (!signal.aborted) {
    const question = chance.pick(QUESTIONS);
    const askedAt = performance.now();
    try {
      if (chance.between(1, 5) === 1) await stack.simulators.say(question).catch(() => {});
      const reply: InputResponse = await stack.input(question, { userId: `viewer-${chance.between(1, 9)}` });
      if (reply.message === '') unanswered.push(`${question}: an empty answer`);
      replies.push({ mode: reply.mode, source: reply.source, tookMs: performance.now() - askedAt });
    } catch (error) {
      unanswered.push(`${question}: ${error instanceof Error ? error.message : String(error)}`);
    }
    await pause(chance.between(ASK_EVERY_MS.from, ASK_EVERY_MS.to), signal);
  }
  return { replies, unanswered };
}

async function findStuck(stack: Stack): Promise<string[]> {
  const { vrchat, audio } = await stack.simulators.state();
  const pending = await Promise.all(
    (['audio-gateway', 'osc-bridge', 'llm-service', 'cv-service'] as const).map(async (service) => ({
      service,
      waiting: await stack.metric(service, 'understudy_outbox_pending'),
    })),
  );
  return [
    ...Object.entries(vrchat.heldInputs).map(([input, value]) => `VRChat's input ${input} is held at ${value}`),
    ...vrchat.violations.map((violation) => `VRChat: ${JSON.stringify(violation)}`),
    ...audio.violations.map((violation) => `audio: ${JSON.stringify(violation)}`),
    ...(vrchat.chatbox.typing ? ['the typing bubble stands'] : []),
    ...pending.flatMap(({ service, waiting }) => (waiting > 0 ? [`${service}: ${waiting} errors wait for NATS`] : [])),
  ];
}
