import {
  CAPABILITIES,
  effective,
  type Incident,
  kvKeys,
  LEVELS,
  MODES,
  type ModeChange,
} from '@understudy/shared/contracts';
import type { Hub } from '@understudy/shared/messaging';
import type { Metrics } from '@understudy/shared/telemetry';
import type { CapabilityBoard } from './capability-board.ts';

export interface ModePublisherOptions {
  readonly board: CapabilityBoard;
  readonly open: () => readonly Incident[];
  readonly hub: Pick<Hub, 'isConnected' | 'publishMode' | 'writeKey'>;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

const meaningOf = ({ at: _at, ...rest }: ModeChange) => JSON.stringify(rest);

/** Publishes the mode at each change and whenever `tick` is called; writes it to KV only when it changed. */
export function createModePublisher(options: ModePublisherOptions) {
  const { board, hub, metrics } = options;
  const listeners = new Set<(mode: ModeChange) => void>();
  let current = board.solve(options.open(), options.now());
  let written = '';

  const measure = (mode: ModeChange) => {
    for (const name of MODES) metrics.set('understudy_mode', { mode: name }, name === mode.mode ? 1 : 0);
    for (const capability of CAPABILITIES) {
      const level = LEVELS.indexOf(effective(mode.capabilities[capability]).level);
      metrics.set('understudy_capability_level', { capability }, level);
    }
  };
  measure(current);
  const remember = (mode: ModeChange, meaning: string) => {
    if (!hub.isConnected() || meaning === written) return;
    written = meaning;
    const { hear, speak, think, act, see } = mode.capabilities;
    const ceilings = {
      hear: hear.ceiling,
      speak: speak.ceiling,
      think: think.ceiling,
      act: act.ceiling,
      see: see.ceiling,
    };
    void Promise.all([hub.writeKey(kvKeys.mode, mode), hub.writeKey(kvKeys.ceilings, ceilings)]).catch(
      (error: unknown) => {
        written = '';
        options.onError(error);
      },
    );
  };
  const publish = (always: boolean) => {
    const next = board.solve(options.open(), options.now());
    const meaning = meaningOf(next);
    const changed = meaning !== meaningOf(current);
    current = next;
    remember(next, meaning);
    if (!changed && !always) return;
    measure(next);
    hub.publishMode(next);
    if (changed) for (const listener of listeners) listener(next);
  };
  return {
    current: () => current,
    /** Something may have changed. */
    refresh: () => publish(false),
    /** Every second: a service that missed the last one hears it now. */
    tick: () => publish(true),
    onChange(listener: (mode: ModeChange) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
export type ModePublisher = ReturnType<typeof createModePublisher>;
