import type {
  FaultRequest,
  InputRequest,
  InputResponse,
  NoticeRecord,
  NotifyTest,
  ServiceName,
  Status,
} from '@understudy/shared/contracts';
import type { Part } from '../addresses.ts';
import type { Checkout } from '../checkout.ts';
import {
  type IncidentStory,
  type IncidentView,
  type Outcome,
  readIncidentList,
  readIncidentStory,
  readNotices,
  readNotifyTest,
  readOutcome,
  readReload,
  readReply,
  readStatus,
} from './answers.ts';
import { call, UnreachableError } from './call.ts';

const READ_LIMIT_MS = 5000;
/** A resume or reload waits for the services that it concerns. */
const CHANGE_LIMIT_MS = 15_000;
/** Alertmanager waits before it sends, and tries again what failed. */
const NOTIFY_TEST_LIMIT_MS = 75_000;
/** Above the longest turn.budget_ms that is sensible. */
const TURN_LIMIT_MS = 60_000;

export interface IncidentFilter {
  readonly state?: string;
  readonly error?: string;
  readonly limit?: number;
}

export interface NoticesFilter {
  readonly state?: string;
  readonly policy?: string;
  readonly since?: string;
  readonly limit?: number;
}

/** Every route that the CLI uses, typed. Each method throws a CommandError that says what went wrong. */
export interface UnderstudyClient {
  status(): Promise<Status>;
  incidents(filter: IncidentFilter): Promise<IncidentView[]>;
  incident(id: string): Promise<IncidentStory>;
  acknowledge(id: string): Promise<unknown>;
  resume(service: ServiceName): Promise<Outcome>;
  /** By service. */
  reload(): Promise<Record<string, Outcome>>;
  inject(owner: ServiceName | 'starter', request: FaultRequest): Promise<unknown>;
  /** Asks the audio-gateway, and the llm-service where that one is away. */
  input(request: InputRequest): Promise<InputResponse>;
  /** Lets a simulated microphone say it. */
  say(text: string, device: string | undefined): Promise<unknown>;
  /** What people were told, newest first. */
  notices(filter: NoticesFilter): Promise<NoticeRecord[]>;
  /** One notice to every receiver. */
  notifyTest(): Promise<NotifyTest>;
  /** @throws CommandError as the methods do */
  readonly eventsUrl: string;
}

export function createClient(checkout: Pick<Checkout, 'address' | 'token'>): UnderstudyClient {
  const read = (path: string) =>
    call({ method: 'GET', url: `${checkout.address('supervisor')}${path}`, timeoutMs: READ_LIMIT_MS });
  const change = (part: Part, path: string, body: unknown = {}, timeoutMs = CHANGE_LIMIT_MS) =>
    call({
      method: 'POST',
      url: `${checkout.address(part)}${path}`,
      body,
      token: checkout.token(),
      timeoutMs,
    });
  const ask = async (part: Part, body: InputRequest) => {
    const url = `${checkout.address(part)}/v1/input`;
    return readReply(await call({ method: 'POST', url, body, timeoutMs: TURN_LIMIT_MS }));
  };
  return {
    status: async () => readStatus(await read('/v1/status')),
    incidents: async (filter) => readIncidentList(await read(`/v1/incidents${queryOf(filter)}`)).incidents,
    incident: async (id) => readIncidentStory(await read(`/v1/incidents/${encodeURIComponent(id)}`)),
    acknowledge: (id) => change('supervisor', `/v1/incidents/${encodeURIComponent(id)}/acknowledge`),
    resume: async (service) => readOutcome(await change('supervisor', `/v1/services/${service}/resume`)),
    reload: async () => readReload(await change('supervisor', '/v1/reload')),
    inject: (owner, request) => change(owner, '/v1/faults', request),
    input: (request) =>
      ask('audio-gateway', request).catch((error: unknown) => {
        if (error instanceof UnreachableError) return ask('llm-service', request);
        throw error;
      }),
    say: (text, device) =>
      call({
        method: 'POST',
        url: `${checkout.address('simulators')}/say`,
        body: { text, ...(device === undefined ? {} : { device }) },
        timeoutMs: READ_LIMIT_MS,
      }),
    notices: async (filter) => readNotices(await read(`/v1/notices${queryOf(filter)}`)).notices,
    notifyTest: async () => readNotifyTest(await change('supervisor', '/v1/notify-test', {}, NOTIFY_TEST_LIMIT_MS)),
    get eventsUrl() {
      return `${checkout.address('supervisor')}/v1/events`;
    },
  };
}

function queryOf(filter: IncidentFilter | NoticesFilter): string {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return query === '' ? '' : `?${query}`;
}
