import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { subjectsOf } from '../contracts/index.ts';

const DAY_MS = 86_400_000;
export const INCIDENT_RETENTION_MS = 90 * DAY_MS;
const MB = 1024 * 1024;

/** Bounded by age and size: a week of errors, ninety days of incidents, one value a key. */
export function streamConfigs(bot: string): Partial<StreamConfig>[] {
  const subjects = subjectsOf(bot);
  return [
    {
      name: subjects.errorStream,
      subjects: [subjects.allErrors],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: nanos(7 * DAY_MS),
      max_bytes: 256 * MB,
      duplicate_window: nanos(120_000),
    },
    {
      name: subjects.incidentStream,
      subjects: [subjects.allIncidents],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: nanos(INCIDENT_RETENTION_MS),
      max_bytes: 512 * MB,
      duplicate_window: nanos(120_000),
      allow_direct: true,
    },
    {
      name: `KV_${subjects.bucket}`,
      subjects: [`$KV.${subjects.bucket}.>`],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.New,
      max_msgs_per_subject: 1,
      max_bytes: 16 * MB,
      allow_direct: true,
      // With roll-ups one key's writer could drop every other key.
      allow_rollup_hdrs: false,
    },
  ];
}

export const ERROR_CONSUMER: Partial<ConsumerConfig> & { durable_name: string } = {
  durable_name: 'supervisor',
  ack_policy: AckPolicy.Explicit,
  deliver_policy: DeliverPolicy.All,
  ack_wait: nanos(30_000),
  max_ack_pending: 512,
};

/** Creates what is missing and brings the rest up to date; safe to repeat. */
export async function ensureStreams(jsm: JetStreamManager, bot: string): Promise<void> {
  for (const config of streamConfigs(bot)) {
    const name = config.name ?? '';
    const exists = await jsm.streams.info(name).then(
      () => true,
      () => false,
    );
    if (exists) await jsm.streams.update(name, config);
    else await jsm.streams.add({ ...config, name });
  }
  await jsm.consumers.add(subjectsOf(bot).errorStream, ERROR_CONSUMER);
}
