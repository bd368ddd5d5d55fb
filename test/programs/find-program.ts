import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';

export type ProgramName = 'fluent-bit' | 'loki' | 'tempo' | 'prometheus' | 'alertmanager';

/** What a test can start: a file on this machine, or an image that the Docker engine has. */
export type Program =
  | { readonly type: 'file'; readonly name: ProgramName; readonly path: string }
  | { readonly type: 'image'; readonly name: ProgramName; readonly image: string }
  | { readonly type: 'missing'; readonly name: ProgramName; readonly problem: string };

const COMPOSE_FILE = join(import.meta.dirname, '..', '..', 'docker-compose.yml');

/** The file that `UNDERSTUDY_TEST_NAME` names, else the one on PATH, else the image of `docker-compose.yml`, never pulled. */
export function findProgram(name: ProgramName): Program {
  const variable = `UNDERSTUDY_TEST_${name.toUpperCase().replace('-', '_')}`;
  const folders = process.env['PATH']?.split(delimiter) ?? [];
  const candidates = [process.env[variable] ?? '', ...folders.map((folder) => join(folder, name))];
  const path = candidates.find((candidate) => candidate !== '' && isExecutable(candidate));
  if (path !== undefined) return { type: 'file', name, path };
  const image = composeImage(name);
  if (image !== undefined && hasImage(image)) return { type: 'image', name, image };
  const pull = image === undefined ? '' : `, or \`docker pull ${image}\``;
  return { type: 'missing', name, problem: `${name} is not on this machine: name its file in ${variable}${pull}` };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function composeImage(name: ProgramName): string | undefined {
  if (!existsSync(COMPOSE_FILE)) return undefined;
  const compose: { services?: Record<string, { image?: string }> } = parse(readFileSync(COMPOSE_FILE, 'utf8'), {
    merge: true,
  });
  return compose.services?.[name]?.image;
}

function hasImage(image: string): boolean {
  try {
    execFileSync('docker', ['image', 'inspect', image], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Why a test that needs all of them cannot run, or `false`: what `node:test` wants for `skip`. */
export function whyNot(programs: readonly Program[]): string | false {
  const problems = programs.flatMap((program) => (program.type === 'missing' ? [program.problem] : []));
  return problems.length === 0 ? false : `NOT TESTED: ${problems.join('; ')}`;
}
