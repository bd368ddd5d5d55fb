import type { LogLook } from './log-tail.ts';
import { readLogLine } from './read-log-line.ts';

/** How often the log is looked at; steady milliseconds, like all times here. */
export const LOOK_EVERY_MS = 2000;
/** A world that takes longer to load has got stuck, and then silence counts again. */
const LOADING_LIMIT_MS = 60_000;
/** Growth is seen up to a look later than it happened, and a game that crashes still writes its last words. */
const GROWTH_MARGIN_MS = LOOK_EVERY_MS + 1000;
/** Growth from long ago says nothing of now. */
const GROWTH_HOLDS_MS = 30_000;

/** What VRChat's log says of it. */
export interface LogState {
  readonly oscQueryPort: number | undefined;
  readonly hasQuit: boolean;
  readonly loadingSince: number | undefined;
  readonly grewAt: number | undefined;
}

export const NO_LOG: LogState = {
  oscQueryPort: undefined,
  hasQuit: false,
  loadingSince: undefined,
  grewAt: undefined,
};

function readLine(state: LogState, line: string, now: number): LogState {
  const fact = readLogLine(line);
  switch (fact?.type) {
    case undefined:
      return state;
    case 'oscquery_port':
      return { ...state, oscQueryPort: fact.port };
    case 'world_entering':
      return { ...state, loadingSince: state.loadingSince ?? now };
    case 'world_entered':
      return { ...state, loadingSince: undefined };
    case 'quit':
      return { ...state, hasQuit: true, loadingSince: undefined };
  }
}

/** @param isFirst the bridge's first look: what stands in the log may be long past, so no world is loading now */
export function onLook(before: LogState, look: LogLook, now: number, isFirst: boolean): LogState {
  if (look.file === undefined) return NO_LOG;
  const start = look.started ? NO_LOG : before;
  const read = look.lines.reduce((state, line) => readLine(state, line, now), start);
  const hasGrown = look.grew || (look.started && !isFirst);
  return {
    ...read,
    ...(isFirst ? { loadingSince: undefined } : {}),
    grewAt: hasGrown ? now : read.grewAt,
  };
}

/**
 * `runs`: it was written to although the link has been silent for longer than that takes to be seen. `gone`: it ends with
 * VRChat's quitting. A log that does not grow says nothing.
 */
export type LogHint = 'runs' | 'gone' | 'loading' | 'unknown';

/** @param provenAt when the link was last proven */
export function hintOf(state: LogState, now: number, provenAt: number | undefined): LogHint {
  if (state.hasQuit) return 'gone';
  if (state.loadingSince !== undefined && now - state.loadingSince < LOADING_LIMIT_MS) return 'loading';
  const { grewAt } = state;
  if (grewAt === undefined || now - grewAt > GROWTH_HOLDS_MS) return 'unknown';
  return grewAt > (provenAt ?? Number.NEGATIVE_INFINITY) + GROWTH_MARGIN_MS ? 'runs' : 'unknown';
}
