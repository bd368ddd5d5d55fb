import type { Notifications } from '@understudy/shared/config';
import type { ReceiverSecret, StackFacts } from '../facts.ts';
import type { RuleSeverity } from '../rules/alert.ts';
import { NTFY_MESSAGE, NTFY_TITLE, TEXT, TITLE } from './notice-template.ts';

/** People's receivers: all but the dead man's, who hears only that we live. */
export type PeopleReceiver = Exclude<ReceiverSecret, 'deadman'>;

/** A receiver of Alertmanager: a name and its integrations. One with a name alone tells nobody. */
export type Receiver = { readonly name: string } & Readonly<Record<string, unknown>>;

/** How loud a notice is. */
type Loudness = RuleSeverity | 'test';

const NTFY_PRIORITIES: Readonly<Record<Loudness, string>> = { critical: '5', error: '4', warning: '3', test: '3' };

interface Context {
  readonly notifications: Notifications;
  readonly loudness: Loudness;
  /** The file of a secret as Alertmanager sees it: no secret stands in the text. */
  readonly file: (secret: string) => string;
}

type Render = (context: Context) => Readonly<Record<string, unknown>>;

/** One integration of each kind: the key under which Alertmanager takes it, and its settings. */
const INTEGRATIONS: Readonly<Record<PeopleReceiver, { readonly key: string; readonly render: Render }>> = {
  discord: {
    key: 'discord_configs',
    render: ({ file }) => ({ webhook_url_file: file('discord'), title: TITLE, message: TEXT }),
  },
  telegram: {
    key: 'telegram_configs',
    // Plain text: what a remedy says may hold characters that HTML or Markdown would take for theirs.
    render: ({ notifications, file }) => ({
      bot_token_file: file('telegram'),
      chat_id: notifications.receivers.telegram.chat_id,
      parse_mode: '',
      message: `${TITLE}\n${TEXT}`,
    }),
  },
  slack: {
    key: 'slack_configs',
    render: ({ notifications, file }) => ({
      api_url_file: file('slack'),
      channel: notifications.receivers.slack.channel,
      title: TITLE,
      text: TEXT,
    }),
  },
  email: {
    key: 'email_configs',
    render: ({ notifications: { receivers }, file }) => {
      const { to, smarthost, from = to, username = from } = receivers.email;
      return {
        to,
        from,
        smarthost,
        auth_username: username,
        auth_password_file: file('email'),
        headers: { Subject: TITLE },
        html: '',
        text: TEXT,
      };
    },
  },
  ntfy: {
    key: 'webhook_configs',
    render: ({ loudness, file }) => ({
      url_file: file('ntfy'),
      http_config: {
        http_headers: Object.fromEntries(
          Object.entries({
            'X-Template': 'yes',
            'X-Title': NTFY_TITLE,
            'X-Message': NTFY_MESSAGE,
            'X-Priority': NTFY_PRIORITIES[loudness],
          }).map(([name, value]) => [name, { values: [value] }]),
        ),
      },
    }),
  },
  pagerduty: {
    key: 'pagerduty_configs',
    render: ({ loudness, file }) => ({
      routing_key_file: file('pagerduty'),
      severity: loudness === 'test' ? 'info' : loudness,
      description: TITLE,
      details: { text: TEXT },
    }),
  },
  webhook: { key: 'webhook_configs', render: ({ file }) => ({ url_file: file('webhook') }) },
};

/** Integrations by key, in the form of a receiver. */
function receiver(name: string, integrations: readonly { key: string; settings: object }[]): Receiver {
  const byKey = Map.groupBy(integrations, ({ key }) => key);
  const entries = [...byKey].map(([key, same]) => [key, same.map(({ settings }) => settings)]);
  return { name, ...Object.fromEntries(entries) };
}

const fileIn = (folder: string) => (secret: string) => `${folder}/${secret}`;
export const isPeopleReceiver = (secret: ReceiverSecret): secret is PeopleReceiver => secret !== 'deadman';

const peopleIntegrations = (facts: StackFacts, notifications: Notifications, loudness: Loudness) =>
  facts.receivers.filter(isPeopleReceiver).map((name) => ({
    key: INTEGRATIONS[name].key,
    settings: {
      send_resolved: true,
      ...INTEGRATIONS[name].render({ notifications, loudness, file: fileIn(facts.secretsFolder) }),
    },
  }));

const supervisorIntegration = (facts: StackFacts, supervisorUrl: string) => ({
  key: 'webhook_configs',
  settings: {
    send_resolved: true,
    url: `${supervisorUrl}/v1/alertmanager`,
    http_config: {
      authorization: { type: 'Bearer', credentials_file: fileIn(facts.secretsFolder)('supervisor_token') },
    },
  },
});

export const NOBODY: Receiver = { name: 'nobody' };

/** All people's receivers, as loud as the severity. */
export const operatorReceiver = (facts: StackFacts, notifications: Notifications, severity: RuleSeverity): Receiver =>
  receiver(`operator-${severity}`, peopleIntegrations(facts, notifications, severity));

/** The supervisor, which writes the user's channels `console` and `log_file`. */
export const supervisorReceiver = (facts: StackFacts, supervisorUrl: string): Receiver =>
  receiver('supervisor', [supervisorIntegration(facts, supervisorUrl)]);

/** Everybody, for `understudy notify-test`. */
export const everyone = (facts: StackFacts, notifications: Notifications, supervisorUrl: string): Receiver =>
  receiver('everyone', [
    supervisorIntegration(facts, supervisorUrl),
    ...peopleIntegrations(facts, notifications, 'test'),
  ]);

/** Who raises the alarm when we fall silent. */
export const deadmanReceiver = (facts: StackFacts): Receiver =>
  receiver('deadman', [
    { key: 'webhook_configs', settings: { send_resolved: false, url_file: fileIn(facts.secretsFolder)('deadman') } },
  ]);

/** What a receiver needs besides its secret and does not have: whole sentences with the remedy. */
export function receiverProblems(facts: Pick<StackFacts, 'receivers'>, { receivers }: Notifications): string[] {
  const lacks = (secret: PeopleReceiver, field: string, value: unknown): string[] =>
    facts.receivers.includes(secret) && value === undefined
      ? [
          `secrets/${secret} is there, but notifications.receivers.${secret}.${field} is not set in config/understudy.yaml: set it, or take the secret away`,
        ]
      : [];
  return [
    ...lacks('telegram', 'chat_id', receivers.telegram.chat_id),
    ...lacks('email', 'to', receivers.email.to),
    ...lacks('email', 'smarthost', receivers.email.smarthost),
  ];
}
