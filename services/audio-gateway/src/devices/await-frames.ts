import type { ProbeResult, ServiceContext } from '@understudy/shared/service';
import type { SourceHealth } from './audio-source.ts';

/** A live sender delivers every few milliseconds; this is enough for one that stutters. */
const LIVE_MS = 400;
const LOOK_EVERY_MS = 20;

/** Frames since now, and not only zeros for longer than `audio.silence_timeout_ms`. */
export async function awaitFrames(
  { clock, config }: Pick<ServiceContext, 'clock' | 'config'>,
  id: string,
  health: () => SourceHealth,
  signal: AbortSignal,
  limitMs = LIVE_MS,
): Promise<ProbeResult> {
  const began = clock.now();
  while (!signal.aborted && clock.now() - began < limitMs) {
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => {});
    const { lastFrameAt, zeroSince } = health();
    if (lastFrameAt === undefined || lastFrameAt <= began) continue;
    const mutedMs = zeroSince === undefined ? 0 : clock.now() - zeroSince;
    return mutedMs >= config().audio.silence_timeout_ms
      ? { ok: false, detail: `${id} delivers only zeros since ${mutedMs} ms: it is muted` }
      : { ok: true, detail: `${id} delivered ${lastFrameAt - began} ms after the question` };
  }
  const { problem } = health();
  const why = problem === undefined ? '' : `: ${problem}`;
  return { ok: false, detail: `${id} delivered nothing within ${clock.now() - began} ms${why}` };
}
