import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createValidator, type NoticeRecord, NoticeRecordSchema, type NoticeState } from '@understudy/shared/contracts';

export interface NoticeFilter {
  readonly limit: number;
  /** ISO time; older ones are left out. */
  readonly since?: string;
  readonly policy?: string;
  readonly state?: NoticeState;
}

/** What is kept; the file may hold twice as many lines before it is written anew. */
const KEPT = 1000;

const validate = createValidator(NoticeRecordSchema);

/** A line that a crash tore, or that another version wrote, is passed over. */
function readLine(line: string): NoticeRecord[] {
  try {
    const checked = validate(JSON.parse(line));
    return checked.ok ? [checked.value] : [];
  } catch {
    return [];
  }
}

const lineOf = (record: NoticeRecord): string => `${JSON.stringify(record)}\n`;

/** The last 1000 notices that were told, on disk (`notices.jsonl`) over restarts. Throws only at the start, where the folder cannot be used. */
export function openNoticeHistory(folder: string, onError: (error: unknown) => void) {
  const file = join(folder, 'notices.jsonl');
  mkdirSync(folder, { recursive: true });
  let records = existsSync(file) ? readFileSync(file, 'utf8').split('\n').flatMap(readLine).slice(-KEPT) : [];
  let written = 0;

  const rewrite = () => {
    const fresh = `${file}.tmp`;
    writeFileSync(fresh, records.map(lineOf).join(''));
    renameSync(fresh, file);
    written = records.length;
  };
  const keep = (record: NoticeRecord) => {
    if (written >= 2 * KEPT) return rewrite();
    appendFileSync(file, lineOf(record));
    written += 1;
  };
  rewrite();

  return {
    /** Oldest first. */
    records: (): readonly NoticeRecord[] => records,
    add(record: NoticeRecord): void {
      records = [...records.slice(1 - KEPT), record];
      try {
        keep(record);
      } catch (error) {
        onError(error);
      }
    },
    /** Newest first. */
    find: ({ limit, since, policy, state }: NoticeFilter): NoticeRecord[] =>
      records
        .toReversed()
        .filter(
          (record) =>
            (since === undefined || record.at >= since) &&
            (policy === undefined || record.policy === policy) &&
            (state === undefined || record.state === state),
        )
        .slice(0, limit),
  };
}
export type NoticeHistory = ReturnType<typeof openNoticeHistory>;
