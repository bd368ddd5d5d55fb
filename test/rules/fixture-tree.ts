import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** File contents by path. */
export type Tree = Readonly<Record<string, string>>;

/** The packages that the rules name, laid out as pnpm does: the real files below .pnpm, seen through links. */
const PACKAGES = ['@nats-io/nats-core', '@opentelemetry/api', 'pino', 'prom-client', 'ioredis', 'typebox'];

/**
 * Writes `tree` into a new temporary folder of the repository's shape, with stand-ins for the packages that the rules name.
 * @returns the folder; the caller removes it
 */
export function writeFixtureTree(tree: Tree): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-import-rules-')));
  for (const [path, content] of Object.entries(tree)) writeAt(join(root, path), content);
  for (const name of PACKAGES) {
    const real = join('node_modules', '.pnpm', `${name.replace('/', '+')}@1.0.0`, 'node_modules', name);
    writeAt(
      join(root, real, 'package.json'),
      JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' }),
    );
    writeAt(join(root, real, 'index.js'), 'export default 1;\n');
    link(join(root, real), join(root, 'node_modules', name));
  }
  link(join(root, 'packages/shared'), join(root, 'node_modules/@understudy/shared'));
  link(join(root, 'packages/simulators'), join(root, 'node_modules/@understudy/simulators'));
  return root;
}

function writeAt(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction'); // A junction needs no rights on Windows; elsewhere the word is ignored.
}
