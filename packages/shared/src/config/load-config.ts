import { existsSync, readFileSync } from 'node:fs';
import { distance } from 'fastest-levenshtein';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import Value from 'typebox/value';
import { LineCounter, type Node, parseDocument } from 'yaml';
import { type Config, ConfigSchema } from './config-schema.ts';
import { type Peer, type ResolvedConfig, resolvePeers } from './resolve-peers.ts';

/** What is wrong, where, and what is allowed there. */
export interface ConfigProblem {
  readonly file: string;
  readonly line: number;
  readonly path: string;
  readonly message: string;
}

export type LoadedConfig =
  | { ok: true; config: ResolvedConfig; simulated: readonly Peer[] }
  | { ok: false; problems: readonly ConfigProblem[] };

/** sysexits.h EX_CONFIG: started again it would end again, so nobody should. */
export const EXIT_BAD_CONFIGURATION = 78;

const compiled = Compile(ConfigSchema);

interface SchemaLike {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly properties?: Record<string, SchemaLike>;
  readonly items?: SchemaLike;
  readonly anyOf?: readonly SchemaLike[];
  readonly additionalProperties?: unknown;
}

function schemaAt(segments: readonly string[]): SchemaLike | undefined {
  let schema: SchemaLike | undefined = ConfigSchema as unknown as SchemaLike;
  for (const segment of segments) {
    const branch: SchemaLike | undefined =
      schema?.anyOf?.find((candidate) => candidate.properties?.[segment]) ?? schema;
    schema = branch?.properties?.[segment] ?? branch?.items;
  }
  return schema;
}

const nearest = (name: string, allowed: readonly string[]): string | undefined =>
  allowed.map((candidate) => ({ candidate, d: distance(name, candidate) })).sort((a, b) => a.d - b.d)[0]?.candidate;

function allowedHere(schema: SchemaLike | undefined): string {
  if (schema?.enum) return `one of ${schema.enum.join(', ')}`;
  if (schema?.anyOf)
    return `one of the kinds ${schema.anyOf.map((branch) => branch.properties?.['kind']?.const ?? branch.type).join(', ')}`;
  const bounds = [
    schema?.minimum === undefined ? '' : `from ${schema.minimum}`,
    schema?.maximum === undefined ? '' : `to ${schema.maximum}`,
    schema?.pattern === undefined ? '' : `of the form ${schema.pattern}`,
  ].filter(Boolean);
  return [schema?.type ?? 'a value', ...bounds].join(' ');
}

function describe(segments: readonly string[], value: unknown): string {
  const parent = schemaAt(segments.slice(0, -1));
  const last = segments.at(-1) ?? '';
  const known = Object.keys(parent?.properties ?? parent?.anyOf?.[0]?.properties ?? {});
  if (parent && !parent.items && known.length > 0 && !known.includes(last) && parent.additionalProperties === false) {
    return `unknown name "${last}"; did you mean "${nearest(last, known)}"? Allowed here: ${known.join(', ')}`;
  }
  const schema = schemaAt(segments);
  const choices = schema?.enum?.map(String);
  const hint = choices && typeof value === 'string' ? `; did you mean "${nearest(value, choices)}"?` : '';
  return `must be ${allowedHere(schema)}${hint}`;
}

const at = (value: unknown, segments: readonly string[]): unknown =>
  segments.reduce<unknown>((part, segment) => (part as Record<string, unknown> | undefined)?.[segment], value);

/**
 * Reads the YAML text, fills in the defaults and resolves the peers.
 * @param file only for the messages
 */
export function parseConfig(text: string, file: string): LoadedConfig {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: true });
  const [broken] = document.errors;
  if (broken) {
    const line = broken.linePos?.[0].line ?? 1;
    return { ok: false, problems: [{ file, line, path: '/', message: `not YAML: ${broken.message.split('\n')[0]}` }] };
  }
  const value = Value.Default(ConfigSchema as TSchema, document.toJS() ?? {});
  if (compiled.Check(value)) {
    const { config, simulated } = resolvePeers(value as Config);
    return { ok: true, config, simulated };
  }
  const lineOf = (segments: readonly string[]): number => {
    for (let depth = segments.length; depth > 0; depth -= 1) {
      const path = segments.slice(0, depth).map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment));
      const node = document.getIn(path, true) as Node | undefined;
      if (node?.range) return lineCounter.linePos(node.range[0]).line;
    }
    return 1;
  };
  const seen = new Set<string>();
  const problems: ConfigProblem[] = [];
  for (const error of compiled.Errors(value)) {
    if (['boolean', 'anyOf', 'const'].includes(error.keyword) && error.keyword !== 'boolean') continue;
    if (error.keyword === 'additionalProperties') continue;
    const path = error.instancePath || '/';
    const missing =
      error.keyword === 'required'
        ? `/${(error.params as { requiredProperties?: string[] }).requiredProperties?.[0] ?? ''}`
        : '';
    const segments = `${path === '/' ? '' : path}${missing}`.split('/').filter(Boolean);
    const key = segments.join('.');
    if (seen.has(key)) continue;
    seen.add(key);
    const message = missing ? `is missing; ${describe(segments, undefined)}` : describe(segments, at(value, segments));
    problems.push({ file, line: lineOf(segments), path: key || '/', message });
  }
  if (problems.length === 0)
    problems.push({ file, line: 1, path: '/', message: 'does not match config/understudy.schema.json' });
  return { ok: false, problems };
}

/** A missing file is not an error: every default holds and every peer is simulated. */
export function loadConfig(file: string): LoadedConfig {
  try {
    return parseConfig(existsSync(file) ? readFileSync(file, 'utf8') : '', file);
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}; check its permissions`;
    return { ok: false, problems: [{ file, line: 1, path: '/', message }] };
  }
}

export const formatProblems = (problems: readonly ConfigProblem[]): string =>
  problems.map((problem) => `${problem.file}:${problem.line}: ${problem.path}: ${problem.message}`).join('\n');
