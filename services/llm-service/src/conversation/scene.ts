import type { Observation } from '@understudy/shared/contracts';
import { cleanText } from './clean-text.ts';

export interface Sight {
  readonly summary: string;
  readonly ageMs: number;
}

/** What was seen last of each kind; the time that a sight has waited here is added to its age. */
export function createScene(now: () => number) {
  const latest = new Map<Observation['kind'], { readonly observation: Observation; readonly receivedAt: number }>();
  return {
    see(observation: Observation): void {
      latest.set(observation.kind, { observation, receivedAt: now() });
    },
    /** Freshest first; what is older than `maxAgeMs` is left out and forgotten. */
    fresh(maxAgeMs: number): Sight[] {
      const sights: Sight[] = [];
      for (const [kind, { observation, receivedAt }] of latest) {
        const ageMs = observation.ageMs + now() - receivedAt;
        if (ageMs > maxAgeMs) latest.delete(kind);
        else sights.push({ summary: cleanText(observation.summary), ageMs });
      }
      return sights.sort((a, b) => a.ageMs - b.ageMs);
    },
  };
}
export type Scene = ReturnType<typeof createScene>;
