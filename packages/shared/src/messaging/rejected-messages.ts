import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { redactText } from '../telemetry/index.ts';

/** What did not match its schema, kept for inspection. */
export interface RejectedMessage {
  readonly subject: string;
  readonly reason: string;
  readonly text: string;
}

const MAX_BYTES = 1024 * 1024;
const MAX_TEXT = 4000;
const MAX_REASON = 500;

/** Two files of at most 1 MB: a flood of bad messages must not fill the disk either. */
export function createRejectedMessages(folder: string, now: () => number = Date.now) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'rejected.jsonl');
  return (message: RejectedMessage): void => {
    const line = JSON.stringify({
      at: new Date(now()).toISOString(),
      subject: redactText(message.subject).slice(0, MAX_REASON),
      reason: redactText(message.reason).slice(0, MAX_REASON),
      text: redactText(message.text).slice(0, MAX_TEXT),
    });
    try {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) renameSync(file, `${file}.1`);
      appendFileSync(file, `${line}\n`, { mode: 0o600 });
    } catch {
      // A full disk must not turn a bad message into a crash; it was counted and logged already.
    }
  };
}
export type KeepRejected = ReturnType<typeof createRejectedMessages>;
