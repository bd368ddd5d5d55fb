/** One exchange: what a viewer said and what the bot answered. */
export interface RememberedTurn {
  readonly userId?: string;
  readonly text: string;
  readonly answer: string;
}

interface Session {
  turns: RememberedTurn[];
  lastUsedAt: number;
}

const MAX_SESSIONS = 200;
/** A session that nobody has spoken in for so long may be forgotten when memory is short. */
export const IDLE_AFTER_MS = 120_000;

/** The last turns of each session. Bounded both ways; the least recently used session goes first. */
export function createMemory(now: () => number, maxSessions = MAX_SESSIONS) {
  const sessions = new Map<string, Session>();

  const touch = (id: string, session: Session) => {
    sessions.delete(id);
    sessions.set(id, session);
    for (const oldest of sessions.keys()) {
      if (sessions.size <= maxSessions) break;
      sessions.delete(oldest);
    }
  };

  return {
    recall: (id: string, maxTurns: number): readonly RememberedTurn[] =>
      maxTurns > 0 ? (sessions.get(id)?.turns.slice(-maxTurns) ?? []) : [],
    remember(id: string, turn: RememberedTurn, maxTurns: number): void {
      const session = sessions.get(id) ?? { turns: [], lastUsedAt: 0 };
      session.turns = maxTurns > 0 ? [...session.turns, turn].slice(-maxTurns) : [];
      session.lastUsedAt = now();
      touch(id, session);
    },
    /** Keeps only the last turns: the model found the conversation too long. */
    trim(id: string, maxTurns: number): void {
      const session = sessions.get(id);
      if (session) session.turns = maxTurns > 0 ? session.turns.slice(-maxTurns) : [];
    },
    /** @returns how many sessions were forgotten */
    forgetIdle(idleMs = IDLE_AFTER_MS): number {
      const idle = [...sessions].filter(([, { lastUsedAt }]) => now() - lastUsedAt >= idleMs);
      for (const [id] of idle) sessions.delete(id);
      return idle.length;
    },
    size: () => sessions.size,
  };
}
export type Memory = ReturnType<typeof createMemory>;
