import Type, { type Static } from 'typebox';
import { SUPERVISED_SERVICES } from '../contracts/index.ts';
import { flag, section } from './schema-parts.ts';

/** What an alert may ask for: a closed list, each an action that an operator could take by hand and that takes nothing away for good. */
export const ALERT_ACTIONS = [
  'clear_cache',
  'reconnect_vrchat',
  'release_inputs',
  'reconnect_camera',
  'restart_vision',
  'shed_caches',
  'shed_features',
  'restore_features',
  'recycle',
  'reload',
] as const;
export type AlertAction = (typeof ALERT_ACTIONS)[number];

const RuleSchema = Type.Object(
  {
    alert: Type.String({
      minLength: 1,
      maxLength: 200,
      description: "The alert's name: a rule of docs/alerts.md or an error code of docs/error-codes.md.",
    }),
    action: Type.Enum([...ALERT_ACTIONS], { description: 'What the supervisor does when it fires.' }),
    service: Type.Optional(
      Type.Enum([...SUPERVISED_SERVICES], {
        description: 'For shed_*, restore_features and recycle: whose. Without it the service that the alert names.',
      }),
    ),
    cooldown_s: Type.Integer({
      default: 600,
      minimum: 10,
      maximum: 86_400,
      description: 'Seconds until the same is done again.',
    }),
  },
  { additionalProperties: false },
);
export type AlertActionRule = Static<typeof RuleSchema>;

export const AlertActionsSchema = section(
  {
    dry_run: flag(false, 'Only log what would be done.'),
    rules: Type.Array(RuleSchema, { default: [], description: 'Which alert leads to which action.' }),
  },
  'Actions that Alertmanager may ask the supervisor for, bounded by recovery.actions_per_hour. None unless named.',
);
