import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { generatedConfig, hasOwnValues } from './generated-config.ts';

const root = new URL('../', import.meta.url);
mkdirSync(new URL('config/', root), { recursive: true });
for (const [path, content] of Object.entries(generatedConfig())) {
  const file = new URL(path, root);
  if (path.endsWith('.yaml') && existsSync(file) && hasOwnValues(readFileSync(file, 'utf8'))) {
    process.stderr.write(`${path} holds values of its own and stays as it is: move it away to have it written anew\n`);
    process.exitCode = 1;
    continue;
  }
  writeFileSync(file, content);
  process.stdout.write(`wrote ${path}\n`);
}
