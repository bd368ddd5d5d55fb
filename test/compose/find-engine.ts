import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FULL, LITE, readComposeFile, readText } from './compose-file.ts';
import { ROOT, run } from './docker.ts';

/** What of the stack this machine can start. */
export type Engine =
  | { readonly type: 'ready'; readonly services: readonly string[]; readonly unavailable: readonly string[] }
  | { readonly type: 'missing'; readonly problem: string };

/** Installs an engine and builds stand-ins on a machine that reaches no image registry; may take minutes the first time. */
const PREPARE = process.env['UNDERSTUDY_DOCKER_PREPARE'] ?? resolve(ROOT, '..', 'shared', 'containers', 'prepare');
const PREPARE_LIMIT_MS = 900_000;

const works = async (...args: string[]): Promise<boolean> => (await run('docker', args)).code === 0;
const hasImage = (image: string): Promise<boolean> => works('image', 'inspect', image);

async function look(): Promise<Engine> {
  if (!(await works('info'))) return { type: 'missing', problem: 'no Docker engine answers' };
  if (!(await works('compose', 'version'))) return { type: 'missing', problem: 'docker has no Compose plugin' };
  const base = /^ARG NODE_IMAGE=(.+)$/m.exec(readText('Dockerfile'))?.[1] ?? '';
  if (!(await hasImage(base))) return { type: 'missing', problem: `the image ${base} is missing: docker pull ${base}` };
  const found = await Promise.all(
    Object.entries(readComposeFile(FULL).services).map(async ([name, { image = '', build }]) => ({
      name,
      image,
      isThere: build !== undefined || (await hasImage(image)),
    })),
  );
  const missing = found.filter(({ isThere }) => !isThere);
  const needed = Object.keys(readComposeFile(LITE).services);
  const pull = missing.filter(({ name }) => needed.includes(name)).map(({ image }) => image);
  if (pull.length > 0)
    return { type: 'missing', problem: `images are missing: docker compose -f ${LITE} pull (${pull.join(', ')})` };
  return {
    type: 'ready',
    services: found.filter(({ isThere }) => isThere).map(({ name }) => name),
    unavailable: missing.map(({ name }) => name),
  };
}

/**
 * The engine with every image that the lite stack needs. Nothing is pulled: where something is missing, the program that
 * UNDERSTUDY_DOCKER_PREPARE names (../shared/containers/prepare without it) is asked to make it, if it is there.
 */
export async function findEngine(say: (line: string) => void): Promise<Engine> {
  const found = await look();
  if (found.type === 'ready' || !existsSync(PREPARE)) return found;
  say(`${found.problem}: asking ${PREPARE}`);
  const { code, stdout, stderr } = await run(PREPARE, [join(ROOT, FULL)], { limitMs: PREPARE_LIMIT_MS });
  say(stdout.trim().split('\n').slice(-2).join('\n'));
  if (code !== 0) return { type: 'missing', problem: `${PREPARE} ended with ${code}: ${stderr.trim().slice(-500)}` };
  return look();
}
