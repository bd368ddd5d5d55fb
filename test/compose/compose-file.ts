import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from './docker.ts';

export const FULL = 'docker-compose.yml';
export const LITE = 'docker-compose.lite.yml';
export type ComposeFileName = typeof FULL | typeof LITE;

/** One service as docker-compose.yml says it; what a rule asks for may be missing. */
export interface ComposeService {
  readonly image?: string;
  readonly build?: {
    readonly context: string;
    readonly target: string;
    readonly args?: Readonly<Record<string, string>>;
  };
  readonly init?: boolean;
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly user?: string;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly mem_limit?: string;
  readonly cpus?: number;
  readonly healthcheck?: Readonly<Record<string, unknown>>;
  readonly logging?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly extends?: { readonly file: string; readonly service: string };
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** With merge keys applied; `${VARIABLE:-default}` stays as it stands. */
export const readComposeFile = (name: ComposeFileName): ComposeFile => parse(readText(name), { merge: true });

/** `127.0.0.1:${UNDERSTUDY_OSC_PORT:-9001}:9001/udp`, taken apart. */
export interface PublishedPort {
  readonly service: string;
  readonly address: string;
  readonly variable: string;
  readonly standard: number;
  readonly inside: number;
  readonly protocol: string;
}

const PORT =
  /^(?<address>[\d.]+):\$\{(?<variable>UNDERSTUDY_[A-Z_]+_PORT):-(?<standard>\d+)\}:(?<inside>\d+)(?:\/(?<protocol>udp))?$/;

/** @throws Error for a port without an address, a variable or a default */
export function publishedPorts({ services }: ComposeFile): PublishedPort[] {
  return Object.entries(services).flatMap(([service, { ports = [] }]) =>
    ports.map((text) => {
      const { address, variable, standard, inside, protocol = 'tcp' } = PORT.exec(text)?.groups ?? {};
      if (address === undefined || variable === undefined)
        throw new Error(`${service}: port "${text}" is not ADDRESS:\${UNDERSTUDY_NAME_PORT:-DEFAULT}:PORT`);
      return { service, address, variable, standard: Number(standard), inside: Number(inside), protocol };
    }),
  );
}
