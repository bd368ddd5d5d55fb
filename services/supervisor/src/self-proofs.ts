import type { ProbeName, ProbeSpec } from '@understudy/shared/contracts';
import type { Probe, ProbeResult } from '@understudy/shared/service';

/** As long as an owner may take for a probe. */
const LIMIT_MS = 4000;

/** What the supervisor can prove of itself: it has no owner that it could ask. */
export function proveSelf(probes: Partial<Record<ProbeName, Probe>>) {
  return async ({ what, subject }: ProbeSpec): Promise<ProbeResult> => {
    const probe = probes[what];
    if (!probe) return { ok: false, detail: `the supervisor has no probe ${what}` };
    return probe(subject, AbortSignal.timeout(LIMIT_MS));
  };
}
