import type { JetStreamClient } from '@nats-io/jetstream';
import { createValidator, type IncidentRecord, IncidentRecordSchema, subjectsOf } from '../contracts/index.ts';
import { decode, encode, type NatsLink } from './nats-connection.ts';
import { createOutbox } from './outbox.ts';
import { tooLarge } from './payload-limit.ts';
import type { KeepRejected } from './rejected-messages.ts';

/** The stream of what happened to each incident. */
export interface IncidentLog {
  /** Awaits the stream's acknowledgement; while NATS is away the record waits on disk and this resolves at once. */
  append(record: IncidentRecord): Promise<void>;
  /** Every record of the stream, oldest first, then those that still wait on disk. */
  readAll(): Promise<IncidentRecord[]>;
  /** So many records wait on disk. */
  pending(): number;
  close(limitMs: number): Promise<void>;
}

export interface IncidentLogOptions {
  readonly bot: string;
  readonly link: Pick<NatsLink, 'isConnected'>;
  readonly jetStream: Promise<JetStreamClient>;
  /** Records of a time without NATS. */
  readonly spoolFile: string;
  readonly onRejected: KeepRejected;
}

const SPOOL_RECORDS = 20_000;
const RETRY_MS = 500;
const BATCH = 1000;
const BATCH_EXPIRES_MS = 5000;

const check = createValidator(IncidentRecordSchema);

export function createIncidentLog({ bot, link, jetStream, spoolFile, onRejected }: IncidentLogOptions): IncidentLog {
  const subjects = subjectsOf(bot);

  async function publish(record: IncidentRecord): Promise<void> {
    const subject = subjects.incident(record.incidentId);
    const text = encode(record);
    const reason = tooLarge(text);
    if (reason) return onRejected({ subject, reason, text });
    await (await jetStream).publish(subject, text, { msgID: record.id });
  }

  const spool = createOutbox<IncidentRecord>({
    file: spoolFile,
    maxEntries: SPOOL_RECORDS,
    async send({ value }) {
      if (!link.isConnected()) throw new Error('NATS is away');
      await publish(value);
    },
  });
  const retry = setInterval(() => {
    if (link.isConnected() && spool.pending() > 0) void spool.flush().catch(() => undefined);
  }, RETRY_MS);
  retry.unref();

  return {
    async append(record) {
      // What waits is older: it goes first.
      if (!link.isConnected() || spool.pending() > 0) return spool.add(record.id, record);
      await publish(record).catch(() => spool.add(record.id, record));
    },
    async readAll() {
      const records: IncidentRecord[] = [];
      const take = (data: unknown, subject: string, text: string) => {
        const checked = check(data);
        if (checked.ok) records.push(checked.value);
        else onRejected({ subject, reason: checked.reason, text });
      };
      const consumer = await (await jetStream).consumers.get(subjects.incidentStream);
      let left = (await consumer.info()).num_pending;
      while (left > 0) {
        let taken = 0;
        const batch = await consumer.fetch({ max_messages: Math.min(left, BATCH), expires: BATCH_EXPIRES_MS });
        for await (const message of batch) {
          take(decode(message), message.subject, message.string());
          taken += 1;
        }
        // What expired meanwhile does not come any more.
        if (taken === 0) break;
        left -= taken;
      }
      for (const { value } of spool.entries()) take(value, subjects.incident(value.incidentId), encode(value));
      return records;
    },
    pending: spool.pending,
    async close(limitMs) {
      clearInterval(retry);
      const limit = new Promise((resolve) => setTimeout(resolve, limitMs).unref());
      await Promise.race([spool.flush().catch(() => undefined), limit]);
      spool.close();
    },
  };
}
