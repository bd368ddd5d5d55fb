import type { Config } from '@understudy/shared/config';
import { type NoticeChannel, type NoticeRecord, noticeState } from '@understudy/shared/contracts';
import type { Notice } from './notice.ts';
import type { NoticeHistory } from './notice-history.ts';
import { settingsOf } from './policies.ts';
import { createThrottle } from './throttle.ts';

/** A channel that fails throws; it never stops the line before it. */
export type Channel = (notice: NoticeRecord) => void;

export interface NotifierOptions {
  readonly alerts: () => Config['alerts'];
  readonly channels: Readonly<Record<NoticeChannel, Channel>>;
  readonly history: Pick<NoticeHistory, 'add' | 'records'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly count: (channel: NoticeChannel, result: 'told' | 'throttled' | 'failed') => void;
  readonly onError: (error: unknown) => void;
}

/** Tells each notice on its policy's channels, at most once in a cooldown of the same key; a resolution is told when its opening was. */
export function createNotifier({ alerts, channels, history, now, count, onError }: NotifierOptions) {
  const throttle = createThrottle(history.records());

  const tellOn = (channel: NoticeChannel, record: NoticeRecord): void => {
    try {
      channels[channel](record);
      count(channel, 'told');
    } catch (error) {
      count(channel, 'failed');
      onError(error);
    }
  };

  return (notice: Notice): void => {
    const settings = settingsOf(alerts(), notice.policy);
    if (!settings.enabled) return;
    const at = now();
    if (throttle.holdsBack(notice, settings.cooldownMs, at)) {
      for (const channel of settings.channels) count(channel, 'throttled');
      return;
    }
    throttle.note(notice, at);
    const record: NoticeRecord = {
      ...notice,
      at: new Date(at).toISOString(),
      state: noticeState(notice.kind),
      channels: [...settings.channels],
    };
    for (const channel of settings.channels) tellOn(channel, record);
    history.add(record);
  };
}
export type Notifier = ReturnType<typeof createNotifier>;
