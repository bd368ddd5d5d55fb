import { existsSync, readFileSync } from 'node:fs';
import { Compile } from 'typebox/compile';
import { Settings } from 'typebox/system';
import Value from 'typebox/value';
import { LineCounter, parseDocument } from 'yaml';
import { CONFIG_NODE, type Config, ConfigSchema } from './config-schema.ts';
import { type Explained, explainProblems } from './explain-problems.ts';
import { locateLine } from './locate-line.ts';
import { LOOPBACK_PLACE, type Place, readPlace } from './place.ts';
import { repeatedNames } from './repeated-names.ts';
import { type Peer, type ResolvedConfig, resolvePeers } from './resolve-peers.ts';
import { isRecord } from './schema-node.ts';

/** What is wrong, where, and what is allowed there. */
export interface ConfigProblem {
  readonly file: string;
  /** From 1; of a missing value the line of the section that it is missing from. */
  readonly line: number;
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
  const value = Value.Default(ConfigSchema, withoutEmpty(given) ?? {});
  if (!compiled.Check(value)) {
    const problems = explainProblems(CONFIG_NODE, value, allErrors(value));
    const whole = { path: [], message: 'does not match config/understudy.schema.json' };
    return { ok: false, problems: problems.length > 0 ? problems : [whole] };
  }
  const problems = repeatedNames(value);
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
  const document = parseDocument(text, { lineCounter, uniqueKeys: true });
  const notYaml = (line: number, why: string): LoadedConfig => ({
    ok: false,
    problems: [{ file, line, path: '/', message: `not YAML: ${why.split('\n', 1).join('')}` }],
  });
  const [broken] = document.errors;
  if (broken) return notYaml(broken.linePos?.[0].line ?? 1, broken.message);
  let given: unknown;
  try {
    given = document.toJS();
  } catch (error) {
    // Aliases that unfold without end.
    return notYaml(1, error instanceof Error ? error.message : String(error));
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

/** A missing file is not an error: every default holds and every peer is simulated. The place is that of this process. */
export function loadConfig(file: string, env = process.env, sections?: readonly Section[]): LoadedConfig {
  try {
    return parseConfig(existsSync(file) ? readFileSync(file, 'utf8') : '', file, readPlace(env), sections);
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}; check its permissions`;
    return { ok: false, problems: [{ file, line: 1, path: '/', message }] };
  }
}

export const formatProblems = (problems: readonly ConfigProblem[]): string =>
  problems.map((problem) => `${problem.file}:${problem.line}: ${problem.path}: ${problem.message}`).join('\n');
