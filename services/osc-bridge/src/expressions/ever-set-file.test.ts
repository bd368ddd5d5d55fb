import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createEverSetFile } from './ever-set-file.ts';

test('the next process knows where the last left off; half a file, or values of a stranger, are nothing', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-ever-set-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'deep', 'ever-set.json');
  const file = createEverSetFile(path);
  file.add({ Wave: false });
  file.add({ VRCEmote: 0 });
  assert.deepEqual(createEverSetFile(path).read(), { Wave: false, VRCEmote: 0 });
  writeFileSync(path, '{"Wave": "up", "Hat": true');
  assert.deepEqual(createEverSetFile(path).read(), {});
  writeFileSync(path, '{"Wave": "up", "Hat": true}');
  assert.deepEqual(createEverSetFile(path).read(), { Hat: true });
});
