import {
  createValidator,
  type InputResponse,
  InputResponseSchema,
  NoticeListSchema,
  type NoticeRecord,
  type NotifyTest,
  NotifyTestSchema,
  SeveritySchema,
  type Status,
  StatusSchema,
} from '@understudy/shared/contracts';
import Type, { type Static, type TSchema } from 'typebox';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';

const optional = Type.Optional(Type.String());

/** What the CLI shows of an incident; the supervisor sends more, which `--json` passes on. */
export const IncidentViewSchema = Type.Object({
  id: Type.String(),
  code: Type.String(),
  category: Type.String(),
  severity: SeveritySchema,
  service: Type.String(),
  subject: optional,
  state: Type.String(),
  acknowledged: Type.Boolean(),
  regressed: Type.Boolean(),
  needsOperator: Type.Boolean(),
  fingerprint: optional,
  occurrences: Type.Integer(),
  summary: Type.String(),
  remedy: Type.String(),
  openedAt: Type.String(),
  currentSince: Type.String(),
  updatedAt: Type.String(),
  verifiedAt: optional,
  resolvedAt: optional,
  degradedBy: optional,
  attempts: Type.Array(Type.Unknown()),
});
export type IncidentView = Static<typeof IncidentViewSchema>;

const IncidentListSchema = Type.Object({ incidents: Type.Array(IncidentViewSchema) });
const IncidentStorySchema = Type.Object({
  incident: IncidentViewSchema,
  story: Type.Array(Type.Object({ at: Type.String(), text: Type.String() })),
});
export type IncidentStory = Static<typeof IncidentStorySchema>;

const OutcomeSchema = Type.Object({ ok: Type.Boolean(), detail: Type.String() });
const ReloadSchema = Type.Record(Type.String(), OutcomeSchema);
/** What came of a change, in the words of whoever made it. */
export type Outcome = Static<typeof OutcomeSchema>;

/** Checks an answer where it enters; a part of another version is told from a bug of the CLI. */
function reader<S extends TSchema>(what: string, schema: S): (answer: unknown) => Static<S> {
  const validate = createValidator(schema);
  return (answer) => {
    const checked = validate(answer);
    if (checked.ok) return checked.value;
    throw new CommandError(
      `The ${what} that came is not as expected (${checked.reason}); is another version running?`,
      EXIT.failed,
    );
  };
}

export const readStatus: (answer: unknown) => Status = reader('status', StatusSchema);
export const readIncidentList = reader('list of incidents', IncidentListSchema);
export const readIncidentStory = reader('story', IncidentStorySchema);
export const readReply: (answer: unknown) => InputResponse = reader('reply', InputResponseSchema);
export const readNotices: (answer: unknown) => { notices: NoticeRecord[] } = reader(
  'list of notices',
  NoticeListSchema,
);
export const readNotifyTest: (answer: unknown) => NotifyTest = reader('outcome of the test', NotifyTestSchema);
export const readOutcome = reader('outcome', OutcomeSchema);
export const readReload: (answer: unknown) => Record<string, Outcome> = reader('outcome', ReloadSchema);
