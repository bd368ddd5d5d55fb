import assert from 'node:assert/strict';
import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { createCountedMetrics } from '../../testing/counted-metrics.ts';
import { createDiskLook } from './disk.ts';

test('size and free space of the file system of each folder that is written to', async () => {
  const { metrics, lines } = createCountedMetrics();
  await createDiskLook(metrics, new Map([['data', tmpdir()]]))();
  const { bsize, blocks } = statfsSync(tmpdir());
  assert.deepEqual(await lines('understudy_disk_size'), [
    `understudy_disk_size_bytes{folder="data"} ${bsize * blocks}`,
  ]);
  const free = (await lines('understudy_disk_free')).map((line) => Number(line.split(' ')[1]));
  assert.equal(free.length, 1);
  assert.ok(free.every((bytes) => bytes > 0 && bytes <= bsize * blocks));
});

test('a folder that is not there is a failure', async () => {
  const { metrics } = createCountedMetrics();
  await assert.rejects(createDiskLook(metrics, new Map([['logs', '/is/not/there']]))(), { code: 'ENOENT' });
});
