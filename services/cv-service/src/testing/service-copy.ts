import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { compose } from '../app.ts';

/** The whole service in a folder of its own, with a package of models that a test may break. */
export interface ServiceCopy {
  /** Path of a model's file. */
  model(file: string): string;
  compose: typeof compose;
  remove(): void;
}

const SERVICE = fileURLToPath(new URL('../..', import.meta.url));
const MODELS_PACKAGE = '@vladmandic/human';
/** What the service uses of that package. */
const USED = ['package.json', 'dist/human.node.js', 'dist/human.node-wasm.js', 'assets', 'models'];

/** The sources and the models are copies, every other package is this service's own. */
export async function copyService(): Promise<ServiceCopy> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-service-copy-'));
  const packages = join(folder, 'node_modules');
  const models = join(packages, MODELS_PACKAGE);
  mkdirSync(join(packages, '@vladmandic'), { recursive: true });
  for (const name of readdirSync(join(SERVICE, 'node_modules'))) {
    if (name !== '@vladmandic') symlinkSync(join(SERVICE, 'node_modules', name), join(packages, name));
  }
  for (const name of ['package.json', 'src']) cpSync(join(SERVICE, name), join(folder, name), { recursive: true });
  for (const name of USED) {
    cpSync(join(SERVICE, 'node_modules', MODELS_PACKAGE, name), join(models, name), { recursive: true });
  }
  const app: { readonly compose: ServiceCopy['compose'] } = await import(join(folder, 'src/app.ts'));
  return {
    model: (file) => join(models, 'models', file),
    compose: app.compose,
    remove: () => rmSync(folder, { recursive: true }),
  };
}
