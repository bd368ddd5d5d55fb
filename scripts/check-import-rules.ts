// Prints each import that breaks a rule of .dependency-cruiser.cjs, with its remedy; exit code 1 if there is one, or if the check was blind.
import { join } from 'node:path';
import { cruiseImports } from './checks/cruise-imports.ts';

const root = join(import.meta.dirname, '..');
const { violations, unseen, filesSeen } = await cruiseImports(root, join(root, '.dependency-cruiser.cjs'));

for (const { rule, remedy, from, to } of violations) console.error(`${from}\n  imports ${to}\n  ${rule}: ${remedy}`);
if (filesSeen === 0 || unseen.length > 0) {
  console.error(
    `The import rules saw ${filesSeen} TypeScript files and missed ${unseen.length} (${unseen.slice(0, 5).join(', ')}).`,
  );
  console.error(
    '  dependency-cruiser reads them by TypeScript 6: see packageExtensions in pnpm-workspace.yaml, then `pnpm install`.',
  );
}
console.log(`${filesSeen} files, ${violations.length} violations`);
process.exitCode = violations.length === 0 && unseen.length === 0 && filesSeen > 0 ? 0 : 1;
