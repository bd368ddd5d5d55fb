/** What was observed of `see`, one after another, and how far a test has waited. */
export interface LevelHistory {
  readonly levels: readonly string[];
  note(level: string): void;
  /** What was passed through so far does not count for the next wait: its cause comes now. */
  begin(): void;
  /** Whether the level has come since the last wait, however briefly; the next wait begins after it. */
  hasCome(level: string): boolean;
}

export function createLevelHistory(): LevelHistory {
  const levels: string[] = [];
  let waitedUpTo = 0;
  return {
    levels,
    note(level) {
      if (levels.at(-1) !== level) levels.push(level);
    },
    begin() {
      waitedUpTo = levels.length;
    },
    hasCome(level) {
      const at = levels.indexOf(level, waitedUpTo);
      if (at !== -1) waitedUpTo = at + 1;
      return at !== -1;
    },
  };
}
