import { type Capability, LEVELS, type LevelBy } from '@understudy/shared/contracts';

export interface CapabilityParts<Part extends string> {
  /** What one part allows now; the capability is as good as its worst part. */
  set(part: Part, level: LevelBy): void;
}

/**
 * Hearing needs a device and a transcription, speaking a device and a synthesis: `by` names the worst part, at a tie the first.
 * @param parts in the order of precedence, each with what it is before anything is known
 */
export function createCapabilityParts<Part extends string>(
  capability: Capability,
  parts: Readonly<Record<Part, LevelBy>>,
  observe: (capability: Capability, level: LevelBy['level'], by: string) => void,
): CapabilityParts<Part> {
  const levels = new Map<string, LevelBy>(Object.entries<LevelBy>(parts));
  const tell = () => {
    const ordered = [...levels.values()].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
    const worst = ordered[0];
    if (worst) observe(capability, worst.level, worst.by);
  };
  tell();
  return {
    set(part, level) {
      levels.set(part, level);
      tell();
    },
  };
}
