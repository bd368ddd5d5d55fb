import { readFileSync } from 'node:fs';
import { Compile } from 'typebox/compile';
import { Settings } from 'typebox/system';
import Value from 'typebox/value';
import { LineCounter, parseDocument } from 'yaml';
import type { ConfigFile } from './config-file.ts';
import { CONFIG_NODE, type Config, ConfigSchema } from './config-schema.ts';
import { crossCheck } from './cross-check.ts';
import { type Explained, explainProblems } from './explain-problems.ts';
import { locateLine } from './locate-line.ts';
import { LOOPBACK_PLACE, type Place, readPlace } from './place.ts';
import { type Peer, type ResolvedConfig, resolvePeers } from './resolve-peers.ts';
import { isRecord } from './schema-node.ts';

/** What is wrong, where, and what is allowed there. */
export interface ConfigProblem {
  readonly file: string;
  /** From 1; of a missing value the line of the section that it is missing from. */
  readonly line: number;
  /** From 1; only of what is no YAML. */
  readonly column?: number;
  /** Dotted; `/` for the whole file. */
  readonly path: string;
  readonly message: string;
}

export type LoadedConfig =
  | { ok: true; config: ResolvedConfig; simulated: readonly Peer[] }
  | { ok: false; problems: readonly ConfigProblem[] };

/** sysexits.h EX_CONFIG: started again it would end again, so nobody should. */
export const EXIT_BAD_CONFIGURATION = 78;

const compiled = Compile(ConfigSchema);

/** A name without a value keeps its default: a section whose lines are all commented out is `null` to YAML. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isRecord(value)) return value;
  const given = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
  return Object.fromEntries(given.map(([name, part]) => [name, withoutEmpty(part)]));
}

/** TypeBox stops after 8, and the branches of one union can spend them all on what is beside the point. */
const MAX_ERRORS = 1000;

function allErrors(value: unknown) {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: MAX_ERRORS });
  try {
    return [...compiled.Errors(value)];
  } finally {
    Settings.Set({ maxErrors });
  }
}

type Read = { ok: true; config: Config } | { ok: false; problems: readonly Explained[] };

function check(given: unknown): Read {
  const value = Value.Default(ConfigSchema, given ?? {});
  if (!compiled.Check(value)) {
    const problems = explainProblems(CONFIG_NODE, value, allErrors(value));
    const whole = { path: [], message: 'does not match config/understudy.schema.json' };
    return { ok: false, problems: problems.length > 0 ? problems : [whole] };
  }
  const problems = crossCheck(value);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config: value };
}

type Section = keyof Config;

const sectionsOf = (given: unknown, sections: readonly Section[] | undefined): unknown =>
  sections === undefined || !isRecord(given)
    ? given
    : Object.fromEntries(sections.map((section) => [section, given[section]]));

/**
 * Reads the YAML text, fills in the defaults and resolves the peers.
 * @param file only for the messages
 * @param sections only these are read, and what is wrong in another does not matter; without it all
 */
export function parseConfig(
  text: string,
  file: string,
  place: Place = LOOPBACK_PLACE,
  sections?: readonly Section[],
): LoadedConfig {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: true, prettyErrors: false });
  const notYaml = (why: string, place: { readonly line: number; readonly column?: number }): LoadedConfig => ({
    ok: false,
    problems: [{ file, ...place, path: '/', message: `not YAML: ${why}` }],
  });
  const [broken] = document.errors;
  if (broken) {
    const { line, col: column } = lineCounter.linePos(broken.pos[0]);
    return notYaml(broken.message, { line, column });
  }
  let given: unknown;
  try {
    given = withoutEmpty(document.toJS());
  } catch (error) {
    // Of an alias the place is not told: one that names nothing, holds itself, or unfolds without end.
    const why = error instanceof RangeError ? 'nested without end; does an alias hold itself?' : wordsOf(error);
    return notYaml(why, { line: 1 });
  }
  const read = check(sectionsOf(given, sections));
  if (read.ok) return { ok: true, ...resolvePeers(read.config, place) };
  const problems = read.problems.map(({ path, message }) => ({
    file,
    line: locateLine(document, lineCounter, path),
    path: path.join('.') || '/',
    message,
  }));
  return { ok: false, problems };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** @returns nothing when it is not there. @throws the system's error when it cannot be read */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const MISSING =
  'does not exist, and UNDERSTUDY_CONFIG names it: correct the name (a container sees only what is in config/), or unset it to read config/understudy.yaml';

/** Of a file that nobody named every default holds while it is missing, and every peer is simulated. The place is that of this process. */
export function loadConfig(file: ConfigFile, env = process.env, sections?: readonly Section[]): LoadedConfig {
  const { path, isNamed } = file;
  const refuse = (message: string): LoadedConfig => ({
    ok: false,
    problems: [{ file: path, line: 1, path: '/', message }],
  });
  let text: string | undefined;
  try {
    text = readIfThere(path);
  } catch (error) {
    return refuse(`cannot be read: ${wordsOf(error)}; check its permissions`);
  }
  if (text === undefined && isNamed) return refuse(MISSING);
  try {
    return parseConfig(text ?? '', path, readPlace(env), sections);
  } catch (error) {
    // Of the place: the file may be right.
    return refuse(wordsOf(error));
  }
}

export const formatProblem = ({ file, line, column, path, message }: ConfigProblem): string =>
  `${[file, line, column ?? []].flat().join(':')}: ${path}: ${message}`;

export const formatProblems = (problems: readonly ConfigProblem[]): string => problems.map(formatProblem).join('\n');
