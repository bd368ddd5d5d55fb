import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from './tracked-files.ts';

const ROWS = [
  ...Array.from({ length: 83 }, (_, i) => String(i + 1)),
  ...Array.from({ length: 12 }, (_, i) => `N${i + 1}`),
];

interface FeatureRow {
  readonly number: string;
  readonly feature: string;
  readonly shownBy: string;
}

/** The rows of the tables whose first cell is a number, `12` or `N3`. */
const featureRows = (markdown: string): FeatureRow[] =>
  [...markdown.matchAll(/^\| (N?\d+) \| (.*?) \|.*\| (.*?) \|$/gm)].map(
    ([, number = '', feature = '', shownBy = '']) => ({
      number,
      feature,
      shownBy,
    }),
  );

/** The files that a cell names: in backticks, with a folder. */
const filesOf = ({ shownBy }: FeatureRow): string[] =>
  [...shownBy.matchAll(/`([^`\s]+\/[^`\s]+\.[a-z]+)`/g)].flatMap(([, file]) => file ?? []);

describe('docs/features.md', () => {
  const rows = featureRows(readFileSync(join(root, 'docs/features.md'), 'utf8'));

  it('has every feature once, in order', () => {
    assert.deepEqual(
      rows.map(({ number }) => number),
      ROWS,
    );
  });

  it('says of each what shows it, or that it is not there yet', () => {
    const silent = rows.filter(
      (row) => row.feature === '' || (filesOf(row).length === 0 && !row.shownBy.startsWith('not yet')),
    );
    assert.deepEqual(silent, []);
  });

  it('names only files that exist', () => {
    const missing = rows.flatMap((row) =>
      filesOf(row)
        .filter((file) => !existsSync(join(root, file)))
        .map((file) => `${row.number}: ${file}`),
    );
    assert.deepEqual(missing, []);
  });
});
