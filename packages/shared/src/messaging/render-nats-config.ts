import {
  PIPELINE_TOPICS,
  type PipelineTopic,
  SERVICE_NAMES,
  SERVICES,
  type ServiceName,
  SUPERVISED_SERVICES,
  type SupervisedService,
  subjectsOf,
} from '../contracts/index.ts';
import { MAX_PAYLOAD_BYTES } from './payload-limit.ts';

export interface NatsServerOptions {
  readonly bot: string;
  readonly host: string;
  readonly port: number;
  readonly storeFolder: string;
  readonly pidFile?: string;
  /** `host:port` of its monitoring pages (`/healthz`, `/varz`, `/jsz`), which ask no password. */
  readonly monitor?: string;
  readonly logFile?: string;
  /** One a service: its NATS user is its name. */
  readonly passwords: Readonly<Record<ServiceName, string>>;
}

type Kind = 'stream' | 'service';
interface Export {
  readonly kind: Kind;
  readonly subject: string;
  readonly from: string;
  readonly to: readonly string[];
}

const HUB = SERVICES.supervisor.account;
/** The server's own account; nobody logs in to it. */
const SYSTEM = 'SYS';
/** Memory, slow consumers and the like: what the monitoring port would tell to every page of a browser on this machine. */
export const SERVER_STATE = '$SYS.REQ.SERVER.PING.VARZ';
const accountOf = (service: ServiceName) => SERVICES[service].account;

const topicSubject = (bot: string, topic: PipelineTopic, from: ServiceName): string => {
  const subject = subjectsOf(bot)[topic];
  return typeof subject === 'string' ? subject : subject(from);
};

/** Who may reach what across the accounts: the whole of the wire's permissions in one list. */
export function exportsOf(bot: string): Export[] {
  const subjects = subjectsOf(bot);
  const { bucket } = subjects;
  const keys = (owner: ServiceName) => `$KV.${bucket}.${owner}.>`;
  const directGet = (owner: ServiceName) => `$JS.API.DIRECT.GET.KV_${bucket}.${keys(owner)}`;
  const all = SUPERVISED_SERVICES.map(accountOf);
  const ofService = (service: SupervisedService): Export[] => [
    { kind: 'service', subject: subjects.error(service), from: HUB, to: [accountOf(service)] },
    { kind: 'service', subject: keys(service), from: HUB, to: [accountOf(service)] },
    { kind: 'service', subject: directGet(service), from: HUB, to: [accountOf(service)] },
    { kind: 'service', subject: subjects.commands(service), from: accountOf(service), to: [HUB] },
    { kind: 'stream', subject: subjects.heartbeat(service), from: accountOf(service), to: [HUB] },
  ];
  const ofTopic = (topic: PipelineTopic): Export[] =>
    PIPELINE_TOPICS[topic].from.map((from) => ({
      kind: 'stream' as const,
      subject: topicSubject(bot, topic, from),
      from: accountOf(from),
      to: PIPELINE_TOPICS[topic].to.filter((to) => to !== from).map(accountOf),
    }));
  return [
    { kind: 'service', subject: SERVER_STATE, from: SYSTEM, to: [HUB] },
    { kind: 'service', subject: directGet('supervisor'), from: HUB, to: all },
    ...SUPERVISED_SERVICES.flatMap(ofService),
    ...(Object.keys(PIPELINE_TOPICS) as PipelineTopic[]).flatMap(ofTopic),
  ];
}

/** A string of NATS' configuration takes every character but these two as it is; JSON's other escapes it refuses. */
const quote = (value: string): string => `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
const list = (items: readonly string[], indent: string): string =>
  items.length === 0 ? '[]' : `[\n${items.map((item) => `${indent}  ${item}`).join('\n')}\n${indent}]`;

function renderAccount(account: string, bot: string, own: readonly string[]): string {
  const all = exportsOf(bot);
  const exports = all.filter((row) => row.from === account && row.to.length > 0);
  const imports = all.filter((row) => row.to.includes(account));
  const exported = exports.map((row) => `{ ${row.kind}: ${quote(row.subject)}, accounts: [${row.to.join(', ')}] }`);
  const imported = imports.map((row) => `{ ${row.kind}: { account: ${row.from}, subject: ${quote(row.subject)} } }`);
  return [
    `  ${account}: {`,
    ...own.map((line) => `    ${line}`),
    `    exports: ${list(exported, '    ')}`,
    `    imports: ${list(imported, '    ')}`,
    '  }',
  ].join('\n');
}

function renderServiceAccount(service: ServiceName, bot: string, password: string): string {
  const account = accountOf(service);
  return renderAccount(account, bot, [
    ...(account === HUB ? ['jetstream: enabled'] : []),
    `users: [ { user: ${quote(service)}, password: ${quote(password)} } ]`,
  ]);
}

/**
 * The server's whole configuration, for the native start and for Compose alike. Each service has its own account, not only its own
 * user: users of one account can let the server write for each other through a JetStream request's reply subject (ADR 3; tried by
 * the attacks of `accounts.integration.test.ts`).
 */
export function renderNatsConfig(options: NatsServerOptions): string {
  const head = [
    `listen: ${quote(`${options.host}:${options.port}`)}`,
    `server_name: ${quote(`understudy-${options.bot}`)}`,
    options.monitor && `http: ${quote(options.monitor)}`,
    options.pidFile && `pid_file: ${quote(options.pidFile)}`,
    options.logFile && `log_file: ${quote(options.logFile)}`,
    options.logFile && 'logfile_size_limit: 10MB',
    `max_payload: ${MAX_PAYLOAD_BYTES}`,
    'ping_interval: "5s"',
    `system_account: ${SYSTEM}`,
    `jetstream { store_dir: ${quote(options.storeFolder)}, max_memory_store: 16MB, max_file_store: 2GB }`,
  ].filter(Boolean);
  const accounts = [
    renderAccount(SYSTEM, options.bot, []),
    ...SERVICE_NAMES.map((service) => renderServiceAccount(service, options.bot, options.passwords[service])),
  ];
  return `${head.join('\n')}\naccounts {\n${accounts.join('\n')}\n}\n`;
}
