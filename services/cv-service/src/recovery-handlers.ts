import type { ProbeName } from '@understudy/shared/contracts';
import type { CommandHandlers, CommandOutcome, Probe, ProbeResult } from '@understudy/shared/service';
import type { ChildState } from './child/looker.ts';
import type { Sight } from './see/sight.ts';

/** A new frame must come within this time. */
const FRESH_WITHIN_MS = 2000;
/** After a reconnect; an ffmpeg needs 2 s and more to know a stream, and a command may take 4 s (`recovery.command_timeout_ms`). */
const RECONNECTED_WITHIN_MS = 3500;
/** A picture must be looked at within this time; while little is looked at, one every 2 s. */
const VISIBLE_WITHIN_MS = 4000;

/** Resolves when ceilings and configurations are followed; to `undefined` while seeing is switched off. */
export type CurrentSight = () => Promise<Sight | undefined>;

const SWITCHED_OFF: CommandOutcome = {
  ok: false,
  detail: 'Seeing is switched off by its ceiling; set the ceiling of see to full first.',
};

/** The value, or `undefined` when the signal comes first. */
async function before<T>(signal: AbortSignal, value: Promise<T>): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const giveUp = (): void => resolve(undefined);
  signal.addEventListener('abort', giveUp, { once: true });
  return Promise.race([value, promise]).finally(() => signal.removeEventListener('abort', giveUp));
}

function describeStart(state: ChildState | undefined): CommandOutcome {
  if (state?.state === 'ready')
    return { ok: true, detail: 'The vision process was started and has looked at a frame.' };
  if (state?.state === 'failed')
    return { ok: false, detail: `The vision process was started, but ${state.failure.detail}.` };
  return { ok: false, detail: 'The vision process was started and has not answered yet.' };
}

async function childAnswers({ looker }: Sight, signal: AbortSignal): Promise<ProbeResult> {
  const look = await before(signal, looker.lookAtSyntheticFrame());
  switch (look?.type) {
    case 'seen':
      return { ok: true, detail: 'the vision process looked at a synthetic frame' };
    case 'bad_frame':
      return { ok: false, detail: `the vision process cannot decode a JPEG: ${look.reason}` };
    case 'absent':
      return { ok: false, detail: look.detail };
    case undefined:
      return { ok: false, detail: 'the vision process did not answer in time' };
  }
}

async function framesFresh(
  { watch, source, missedFrame }: Sight,
  signal: AbortSignal,
  withinMs = FRESH_WITHIN_MS,
): Promise<ProbeResult> {
  const waitsFor = watch.liveness().state === 'frozen' ? 'another picture' : 'a new frame';
  try {
    await watch.nextProof(AbortSignal.any([signal, AbortSignal.timeout(withinMs)]));
    return { ok: true, detail: `${waitsFor} came from ${source.describe()}` };
  } catch {
    missedFrame();
    const problem = source.problem();
    const why = problem === undefined ? '' : `: ${problem}`;
    return { ok: false, detail: `${waitsFor} did not come from ${source.describe()}${why}` };
  }
}

async function pictureVisible({ black, source }: Sight, signal: AbortSignal): Promise<ProbeResult> {
  try {
    await black.nextVisible(AbortSignal.any([signal, AbortSignal.timeout(VISIBLE_WITHIN_MS)]));
    return { ok: true, detail: `a picture that is not black came from ${source.describe()}` };
  } catch {
    return { ok: false, detail: `no picture that is not black came from ${source.describe()}` };
  }
}

async function modelsWork({ closer }: Sight, signal: AbortSignal): Promise<ProbeResult> {
  const proof = await before(
    signal,
    closer.prove().then((problem) => ({ problem })),
  );
  if (proof === undefined) return { ok: false, detail: 'the models did not answer in time' };
  return proof.problem === undefined
    ? { ok: true, detail: 'the models found what is in their sample picture, in time' }
    : { ok: false, detail: proof.problem };
}

/** A probe of the sight that is open; none is while seeing is switched off. */
const probeOf =
  (sight: CurrentSight, prove: (open: Sight, signal: AbortSignal) => Promise<ProbeResult>): Probe =>
  async (_subject, signal) => {
    const open = await sight();
    return open === undefined ? SWITCHED_OFF : prove(open, signal);
  };

/** The same of what was the source, which may be another now. */
const probeOfSource = (
  sight: CurrentSight,
  prove: (open: Sight, signal: AbortSignal) => Promise<ProbeResult>,
): Probe => {
  const probe = probeOf(sight, prove);
  return async (subject, signal) => {
    const present = (await sight())?.source.describe();
    if (subject === undefined || present === undefined || subject === present) return probe(subject, signal);
    return { ok: false, gone: true, detail: `${subject} is not vision.source any more; that is ${present}` };
  };
};

export function createCommands(sight: CurrentSight): CommandHandlers<'cv-service'> {
  return {
    'restart-child': async (_args, signal) => {
      const open = await sight();
      return open === undefined ? SWITCHED_OFF : describeStart(await before(signal, open.restartChild()));
    },
    reconnect: async (_args, signal) => {
      const open = await sight();
      if (open === undefined) return SWITCHED_OFF;
      open.reconnect();
      return framesFresh(open, signal, RECONNECTED_WITHIN_MS);
    },
  };
}

export const createProbes = (sight: CurrentSight): Partial<Record<ProbeName, Probe>> => ({
  'child-answers': probeOf(sight, childAnswers),
  'frames-fresh': probeOfSource(sight, framesFresh),
  'picture-visible': probeOfSource(sight, pictureVisible),
  detection: probeOf(sight, modelsWork),
});
