import type { ProbeResult } from '@understudy/shared/service';
import type { SteadyNow } from '../steady-time.ts';
import type { LinkWatch } from './link-watch.ts';

/** Two, because the first may set what is set already and then nothing changes; one more for a lost datagram. */
const MAX_ASKS = 3;

export interface ProofParts {
  readonly watch: Pick<LinkWatch, 'ask' | 'view'>;
  readonly now: SteadyNow;
  readonly isReceiving: () => boolean;
  readonly echoParameter: () => string;
  /** The question is whether VRChat is heard: OSCQuery's word is not enough. */
  readonly mustHear: boolean;
}

const aborted = (signal: AbortSignal): Promise<'aborted'> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });

/** Proves that VRChat applies OSC now: what arrived before this call does not count. Sets nothing but the echo parameter. */
export async function proveLink(
  { watch, now, isReceiving, echoParameter, mustHear }: ProofParts,
  signal: AbortSignal,
): Promise<ProbeResult> {
  if (!isReceiving()) return { ok: false, detail: 'the OSC port that VRChat sends to is not open here' };
  const beganAt = now();
  const name = echoParameter();
  const wasHeard = (): boolean => (watch.view().link.heardAt ?? Number.NEGATIVE_INFINITY) >= beganAt;
  for (let asks = 0; asks < MAX_ASKS; asks += 1) {
    const answer = await Promise.race([watch.ask(), aborted(signal)]);
    if (answer === 'aborted') return { ok: false, detail: `no echo of ${name} within the time of the probe` };
    if (answer.proven && answer.by === 'echo') return { ok: true, detail: `VRChat echoed ${name}` };
    if (answer.proven) {
      if (mustHear && !wasHeard()) continue;
      return { ok: true, detail: `OSCQuery shows ${name} as it was set` };
    }
    const { link } = watch.view();
    if (link.echo !== 'absent' || link.state === 'lost') continue;
    if (wasHeard()) {
      return { ok: true, detail: `VRChat sends; this avatar has no ${name}, so that it applies OSC is not proven` };
    }
    if (answer.peer === 'runs' && !mustHear) {
      return { ok: true, detail: `VRChat runs; this avatar has no ${name}, so that it applies OSC is not proven` };
    }
  }
  const detail = wasHeard()
    ? `VRChat sends, but did not echo ${name} in ${MAX_ASKS} asks: it does not apply what it is sent`
    : `VRChat did not echo ${name} in ${MAX_ASKS} asks, and nothing that it sends arrives`;
  return { ok: false, detail };
}
