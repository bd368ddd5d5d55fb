import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BENCHES } from './benches.ts';

/** Not how fast it is (a busy machine would decide), only that each bench still measures what it says. */
describe('each bench runs', () => {
  for (const { title, smoke } of BENCHES) {
    it(title, async () => {
      const rows = await smoke();
      assert.ok(rows.length > 0);
      for (const row of rows) {
        assert.equal(`(${row.id[0]})`, title.slice(0, 3));
        assert.doesNotMatch(`${row.result} ${row.baseline}`, /NaN|Infinity|undefined/);
      }
    });
  }
});
