import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writePrivately } from '@understudy/shared/servers';
import { watchRendered } from './watch-rendered.ts';

test('each program is told at the start, after each change, and until it has taken it', async (context) => {
  const renderedFolder = mkdtempSync(join(tmpdir(), 'rendered-'));
  context.after(() => rmSync(renderedFolder, { recursive: true }));
  const write = (text: string) => writePrivately(join(renderedFolder, 'alertmanager', 'alertmanager.yml'), text);
  write('first');
  const ended = new AbortController();
  const told: string[][] = [];
  const failures: unknown[] = [];
  let round: string[] = [];
  let isAway = false;
  const steps = [
    () => {},
    () => write('second'),
    () => {},
    () => (isAway = true),
    () => write('third'),
    () => {},
    () => (isAway = false),
  ];
  await watchRendered({
    environment: { renderedFolder, readers: ['prometheus', 'alertmanager'] },
    clock: {
      async sleep() {
        told.push(round);
        round = [];
        const next = steps.shift();
        if (next) next();
        else ended.abort();
      },
    },
    signal: ended.signal,
    async readAgain(reader) {
      round.push(reader);
      if (isAway && reader === 'alertmanager') throw new Error('refused');
    },
    onFailure: (error) => void failures.push(error),
  });
  const both = ['prometheus', 'alertmanager'];
  assert.deepEqual(told, [both, [], both, [], [], both, ['alertmanager'], ['alertmanager']]);
  assert.equal(failures.length, 1);
});
