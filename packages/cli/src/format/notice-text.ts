import type { NoticeRecord } from '@understudy/shared/contracts';
import { localDateTime } from './incident-text.ts';
import { formatTable } from './table.ts';

/** The list, newest first, as the supervisor gives it; each notice in its own words below its facts. */
export function noticeList(notices: readonly NoticeRecord[], timeOf: (iso: string) => string = localDateTime): string {
  if (notices.length === 0) return 'No notices.';
  const heads = formatTable(
    notices.map(({ at, severity, kind, policy, toldBy, channels }) => [
      timeOf(at),
      severity,
      kind,
      policy ?? '-',
      `by ${toldBy} on ${channels.join(', ')}`,
    ]),
  ).split('\n');
  return notices.map(({ text }, index) => `${heads[index] ?? ''}\n  ${text}`).join('\n');
}
