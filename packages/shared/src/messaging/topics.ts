import type { Static } from 'typebox';
import {
  DeliverySchema,
  ModeChangeSchema,
  ObservationSchema,
  type PipelineTopic,
  ReplySchema,
  type ServiceName,
  type Subjects,
  TurnInputSchema,
} from '../contracts/index.ts';

/** The schema of each pipeline topic; a message is checked where it enters a process. */
export const TOPIC_SCHEMAS = {
  input: TurnInputSchema,
  utterance: TurnInputSchema,
  reply: ReplySchema,
  observation: ObservationSchema,
  delivery: DeliverySchema,
  mode: ModeChangeSchema,
} as const satisfies Record<PipelineTopic, unknown>;

export type TopicMessage<T extends PipelineTopic> = Static<(typeof TOPIC_SCHEMAS)[T]>;

/** Where `from` says the topic. */
export function subjectOf(subjects: Subjects, topic: PipelineTopic, from: ServiceName): string {
  const subject = subjects[topic];
  return typeof subject === 'string' ? subject : subject(from);
}
