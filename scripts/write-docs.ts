import { writeFileSync } from 'node:fs';
import { generatedDocs } from './generated-docs.ts';

const root = new URL('../', import.meta.url);
for (const [path, content] of Object.entries(generatedDocs())) {
  writeFileSync(new URL(path, root), content);
  process.stdout.write(`wrote ${path}\n`);
}
