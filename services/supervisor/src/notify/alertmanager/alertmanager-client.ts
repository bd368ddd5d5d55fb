import { createValidator } from '@understudy/shared/contracts';
import Type, { type Static, type TSchema } from 'typebox';
import { type Alert, AlertSchema, INCIDENT_LABEL } from './alert.ts';

const TIMEOUT_MS = 5000;

const StatusSchema = Type.Object({ uptime: Type.String(), config: Type.Object({ original: Type.String() }) });
export type AlertmanagerStatus = Static<typeof StatusSchema>;

const HeldAlertSchema = Type.Intersect([
  AlertSchema,
  Type.Object({ receivers: Type.Array(Type.Object({ name: Type.String() })) }),
]);
export type HeldAlert = Static<typeof HeldAlertSchema>;

const SilenceSchema = Type.Object({
  id: Type.String(),
  createdBy: Type.String(),
  status: Type.Object({ state: Type.String() }),
  matchers: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
});
export type Silence = Static<typeof SilenceSchema>;
export interface SilenceRequest {
  readonly matchers: readonly { name: string; value: string; isRegex: boolean; isEqual: boolean }[];
  /** ISO times. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

function reader<S extends TSchema>(what: string, schema: S): (answer: unknown) => Static<S> {
  const validate = createValidator(schema);
  return (answer) => {
    const checked = validate(answer);
    if (checked.ok) return checked.value;
    throw new Error(`Alertmanager's ${what} is not as its API v2 says (${checked.reason}); is another program there?`);
  };
}
const readStatus = reader('status', StatusSchema);
const readAlerts = reader('list of alerts', Type.Array(HeldAlertSchema));
const readSilences = reader('list of silences', Type.Array(SilenceSchema));
const readSilenceId = reader('answer to a silence', Type.Object({ silenceID: Type.String() }));

const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return String(cause);
};

/** The few calls of Alertmanager's HTTP API that the supervisor makes. Each throws an Error that says where and why. */
export interface AlertmanagerClient {
  status(): Promise<AlertmanagerStatus>;
  /** Open alerts that match, `NAME=~"REGEX"`. */
  alerts(matcher: string): Promise<HeldAlert[]>;
  post(alerts: readonly Alert[]): Promise<void>;
  silences(): Promise<Silence[]>;
  /** @returns its id */
  silence(request: SilenceRequest): Promise<string>;
  /** Ends it; one that has ended already is no failure. */
  expire(silenceId: string): Promise<void>;
  /** Its own metrics, in Prometheus' text format. */
  metrics(): Promise<string>;
}

export const EVERY_INCIDENT = `${INCIDENT_LABEL}=~".+"`;

/** @param url http://HOST:PORT, with a path where Alertmanager has a route prefix */
export function createAlertmanagerClient(url: string): AlertmanagerClient {
  const base = url.replace(/\/+$/, '');
  const request = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${base}${path}`, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
      (cause: unknown) => {
        throw new Error(`Alertmanager at ${base} cannot be reached (${reasonOf(cause)})`, { cause });
      },
    );
    return { status: answer.status, text: await answer.text() };
  };
  const refused = (path: string, { status, text }: { status: number; text: string }) =>
    new Error(`Alertmanager at ${base} answered ${status} to ${path}: ${text}`);
  const ask = async (path: string, init?: RequestInit): Promise<string> => {
    const answer = await request(path, init);
    if (answer.status === 200) return answer.text;
    throw refused(path, answer);
  };
  const send = (path: string, body: unknown) =>
    ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return {
    status: async () => readStatus(JSON.parse(await ask('/api/v2/status'))),
    alerts: async (matcher) =>
      readAlerts(JSON.parse(await ask(`/api/v2/alerts?${new URLSearchParams({ filter: matcher })}`))),
    async post(alerts) {
      await send('/api/v2/alerts', alerts);
    },
    silences: async () => readSilences(JSON.parse(await ask('/api/v2/silences'))),
    silence: async (silence) => readSilenceId(JSON.parse(await send('/api/v2/silences', silence))).silenceID,
    async expire(silenceId) {
      const path = `/api/v2/silence/${silenceId}`;
      const answer = await request(path, { method: 'DELETE' });
      // 404: it is known no more. 500: Alertmanager's answer for one that has expired.
      if (![200, 404, 500].includes(answer.status)) throw refused(path, answer);
    },
    metrics: () => ask('/metrics'),
  };
}
