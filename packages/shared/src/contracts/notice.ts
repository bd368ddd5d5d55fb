import Type, { type Static } from 'typebox';
import { IdSchema, SeveritySchema, TimestampSchema } from './ids.ts';

/** What a notice tells of an incident; `firing` is all that Alertmanager says of an alert that goes on. */
export const NOTICE_KINDS = ['opened', 'raised', 'reopened', 'degraded', 'firing', 'resolved'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];
export const NOTICE_CHANNELS = ['console', 'log_file'] as const;
export type NoticeChannel = (typeof NOTICE_CHANNELS)[number];
export const NOTICE_STATES = ['firing', 'resolved'] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

export const noticeState = (kind: NoticeKind): NoticeState => (kind === 'resolved' ? 'resolved' : 'firing');

/** One notice that was told, as `GET /v1/notices` answers it and as the supervisor keeps it on disk. */
export const NoticeRecordSchema = Type.Object({
  at: TimestampSchema,
  kind: Type.Enum([...NOTICE_KINDS]),
  state: Type.Enum([...NOTICE_STATES]),
  /** An incident's error code or a rule's name. */
  name: Type.String({ maxLength: 200 }),
  severity: SeveritySchema,
  /** One of the user's four, where it meets one. */
  policy: Type.Optional(Type.String()),
  incidentId: Type.Optional(IdSchema),
  text: Type.String(),
  channels: Type.Array(Type.Enum([...NOTICE_CHANNELS])),
  /** Whose decision it was to tell it now. */
  toldBy: Type.Enum(['supervisor', 'alertmanager']),
  /** The same key is not told again within the cooldown. */
  key: Type.String(),
  /** A resolution is told where something of the same thread was: the incident, or Alertmanager's fingerprint. */
  thread: Type.String(),
});
export type NoticeRecord = Static<typeof NoticeRecordSchema>;

/** `GET /v1/notices`, newest first. */
export const NoticeListSchema = Type.Object({ notices: Type.Array(NoticeRecordSchema) });
