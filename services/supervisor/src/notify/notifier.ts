import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '@understudy/shared/config';
import type { Notice } from './notice.ts';

export type ChannelName = 'console' | 'log_file';
/** A channel that fails throws; it never stops the line before it. */
export type Channel = (notice: Notice, at: string) => void;

export interface NotifierOptions {
  readonly alerts: () => Config['alerts'];
  readonly channels: Readonly<Record<ChannelName, Channel>>;
  readonly now: () => number;
  readonly onTold: (notice: Notice, channels: readonly ChannelName[]) => void;
  readonly onError: (error: unknown) => void;
}

const DEFAULT_COOLDOWN_S = 300;
const REMEMBERED = 1000;

/** Tells each notice on its policy's channels, at most once in a cooldown of the same key; a resolution is always told when its opening was. */
export function createNotifier(options: NotifierOptions) {
  const toldAt = new Map<string, number>();
  const openTold = new Set<string>();

  const settings = (notice: Notice): { enabled: boolean; cooldownMs: number; channels: readonly ChannelName[] } => {
    const policy = notice.policy ? options.alerts()[notice.policy] : undefined;
    const cooldown = policy && 'cooldown' in policy ? policy.cooldown : DEFAULT_COOLDOWN_S;
    return { enabled: policy?.enabled ?? true, cooldownMs: cooldown * 1000, channels: policy?.channels ?? ['console'] };
  };
  const isThrottled = (notice: Notice, cooldownMs: number): boolean => {
    if (notice.kind === 'resolved') return !openTold.delete(notice.incident.id);
    const last = toldAt.get(notice.key);
    return last !== undefined && options.now() - last < cooldownMs;
  };

  return (notice: Notice): void => {
    const { enabled, cooldownMs, channels } = settings(notice);
    if (!enabled || isThrottled(notice, cooldownMs)) return;
    if (notice.kind !== 'resolved') {
      openTold.add(notice.incident.id);
      toldAt.set(notice.key, options.now());
      const [oldest] = toldAt.size > REMEMBERED ? toldAt.keys() : [];
      if (oldest) toldAt.delete(oldest);
    }
    const at = new Date(options.now()).toISOString();
    for (const channel of channels) {
      try {
        options.channels[channel](notice, at);
      } catch (error) {
        options.onError(error);
      }
    }
    options.onTold(notice, channels);
  };
}

/** `logs/notices.log`: one JSON line a notice. */
export function logFileChannel(folder: string): Channel {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'notices.log');
  return ({ kind, incident, policy, text }, at) => {
    const line = {
      at,
      kind,
      policy: policy ?? null,
      incident_id: incident.id,
      code: incident.code,
      severity: incident.severity,
      text,
    };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
}
