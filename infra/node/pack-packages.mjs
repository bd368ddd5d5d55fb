// Bundles third-party packages that consist of hundreds of small modules, in place: every entry point stays where it is and exports the
// same; only what is behind it becomes few files. Each module costs a process some 20 KB (docs/adr/0011-memory.md).
//
//   node pack-packages.mjs ROOT        as the image is built (Dockerfile); a checkout keeps its packages as they come

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { buildSync } = createRequire('/usr/local/lib/node_modules/')('esbuild');
const PACKED = ['typebox', 'openai'];
const store = join(process.argv[2] ?? '.', 'node_modules', '.pnpm');

/** The ESM files that a package's `exports` names, without patterns. */
function entriesOf({ exports, module, main }) {
  const files = new Set();
  const visit = (value) => {
    if (typeof value === 'string') files.add(value);
    else if (value !== null && typeof value === 'object')
      for (const [key, inner] of Object.entries(value)) if (key !== 'require' && key !== 'types') visit(inner);
  };
  visit(exports ?? module ?? main);
  return [...files].filter((file) => file.endsWith('.mjs') && !file.includes('*'));
}

for (const folder of readdirSync(store)) {
  const name = folder.slice(0, folder.indexOf('@', 1));
  if (!PACKED.includes(name)) continue;
  const root = join(store, folder, 'node_modules', name);
  const entryPoints = entriesOf(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  buildSync({
    absWorkingDir: root,
    entryPoints,
    outdir: root,
    outbase: root,
    allowOverwrite: true,
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'packed/[hash]',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  console.log(`packed ${name}: ${entryPoints.length} entry points`);
}
