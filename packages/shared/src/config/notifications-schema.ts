import Type, { type Static } from 'typebox';
import { section } from './schema-parts.ts';

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const clock = (description: string) => Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description });
const duration = (value: string, description: string) =>
  Type.String({ pattern: '^[1-9][0-9]*[smhd]$', default: value, description });
const address = (description: string) => Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$', description });

const PeriodSchema = Type.Object(
  {
    days: Type.Array(Type.Enum([...WEEKDAYS]), {
      default: [...WEEKDAYS],
      minItems: 1,
      description: 'Days on which it begins.',
    }),
    from: clock('When it begins, as HH:MM.'),
    to: clock('When it ends, as HH:MM; before "from" means on the next day.'),
  },
  { additionalProperties: false },
);
/** A stretch of the week. It may cross midnight. */
export type Period = Static<typeof PeriodSchema>;

const ReceiversSchema = section(
  {
    telegram: section(
      {
        chat_id: Type.Optional(
          Type.Integer({ description: 'Chat that the bot writes to; negative for a group. Needed for Telegram.' }),
        ),
      },
      'secrets/telegram holds the token of the bot.',
    ),
    slack: section(
      {
        channel: Type.String({
          minLength: 1,
          default: '#alerts',
          description: 'Where the message goes; an incoming webhook knows its own and ignores this.',
        }),
      },
      'secrets/slack holds the address of the incoming webhook.',
    ),
    email: section(
      {
        to: Type.Optional(address('Who gets the mail. Needed for e-mail.')),
        from: Type.Optional(address('Who it comes from; without it the same address as "to".')),
        smarthost: Type.Optional(
          Type.String({
            pattern: '^[^:\\s]+:[0-9]{1,5}$',
            description: 'Mail server and port, for example of your provider. Needed for e-mail.',
          }),
        ),
        username: Type.Optional(
          Type.String({ minLength: 1, description: 'Name to sign in with; without it the same as "from".' }),
        ),
      },
      'secrets/email holds the password of the mail account.',
    ),
  },
  'What the receivers need besides their secret. Discord, ntfy, PagerDuty and the webhook need nothing more.',
);

/** How Alertmanager tells people. A receiver is on when its file in secrets/ exists. */
export const NotificationsSchema = section(
  {
    runbook_base_url: Type.String({
      pattern: '^https?://[^\\s]+[^/\\s]$',
      default: 'http://127.0.0.1:8700/v1/runbooks',
      description: 'Where the links of notices lead; the name of the page is added.',
    }),
    repeat_interval: duration('4h', 'An alert that still holds is told again after this time.'),
    time_zone: Type.String({
      pattern: '^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$',
      default: 'UTC',
      description: 'In which the periods below are meant, for example Europe/Berlin.',
    }),
    quiet_hours: Type.Array(PeriodSchema, {
      default: [],
      description: 'Only what is critical is told then; the rest is told afterwards, if it still holds.',
    }),
    on_air: Type.Array(PeriodSchema, {
      default: [],
      description: 'When the stream runs: warnings wait until it is over.',
    }),
    receivers: ReceiversSchema,
  },
  'Notices to people. A receiver is on when its file in secrets/ exists: discord, telegram, slack, email, ntfy, pagerduty, webhook, deadman.',
);
export type Notifications = Static<typeof NotificationsSchema>;
