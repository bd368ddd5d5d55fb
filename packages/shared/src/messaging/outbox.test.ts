import assert from 'node:assert/strict';
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createOutbox, type OutboxEntry } from './outbox.ts';

const newFile = () => join(mkdtempSync(join(tmpdir(), 'outbox-')), 'outbox.jsonl');

describe('the outbox', () => {
  it('sends in order and leaves an empty file', async () => {
    const file = newFile();
    const sent: string[] = [];
    const outbox = createOutbox<number>({ file, maxEntries: 10, send: async ({ id }) => void sent.push(id) });
    for (const id of ['a', 'b', 'c']) outbox.add(id, 1);
    await nextTurn();
    await outbox.flush();
    assert.deepEqual(sent, ['a', 'b', 'c']);
    assert.equal(outbox.pending(), 0);
    outbox.close();
    assert.equal(readFileSync(file, 'utf8'), '');
  });

  it('keeps on disk what could not be sent, for the next process', async () => {
    const file = newFile();
    const away = createOutbox<string>({ file, maxEntries: 10, send: () => Promise.reject(new Error('NATS is away')) });
    away.add('a', 'first');
    away.add('b', 'second');
    await nextTurn();
    assert.deepEqual(
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
      [
        { id: 'a', value: 'first' },
        { id: 'b', value: 'second' },
      ],
    );
    appendFileSync(file, '{"id":"c","val');
    const unreadable: string[] = [];
    const sent: OutboxEntry<string>[] = [];
    const next = createOutbox<string>({
      file,
      maxEntries: 10,
      send: async (entry) => void sent.push(entry),
      onUnreadable: (line) => unreadable.push(line),
    });
    await next.flush();
    assert.deepEqual(sent, [
      { id: 'a', value: 'first' },
      { id: 'b', value: 'second' },
    ]);
    assert.deepEqual(unreadable, ['{"id":"c","val']);
    next.close();
    away.close();
  });

  it('goes on where a send failed, without repeating what was taken', async () => {
    const sent: string[] = [];
    let away = true;
    const outbox = createOutbox<number>({
      file: newFile(),
      maxEntries: 10,
      async send({ id }) {
        if (id === 'b' && away) throw new Error('NATS is away');
        sent.push(id);
      },
    });
    for (const id of ['a', 'b', 'c']) outbox.add(id, 1);
    await assert.rejects(outbox.flush(), /away/);
    away = false;
    await outbox.flush();
    assert.deepEqual(sent, ['a', 'b', 'c']);
    outbox.close();
  });

  it('is bounded: the oldest is dropped and told', async () => {
    const dropped: string[] = [];
    const outbox = createOutbox<number>({
      file: newFile(),
      maxEntries: 2,
      send: () => Promise.reject(new Error('NATS is away')),
      onDropped: ({ id }) => dropped.push(id),
    });
    for (const id of ['a', 'b', 'c', 'd']) outbox.add(id, 1);
    assert.deepEqual(dropped, ['a', 'b']);
    assert.deepEqual(
      outbox.entries().map(({ id }) => id),
      ['c', 'd'],
    );
    outbox.close();
  });

  it('is bounded also by what an earlier process left', () => {
    const file = newFile();
    const lines = ['a', 'b', 'c'].map((id) => `${JSON.stringify({ id, value: 1 })}\n`).join('');
    writeFileSync(file, lines);
    const dropped: string[] = [];
    const outbox = createOutbox<number>({
      file,
      maxEntries: 2,
      send: () => Promise.reject(new Error('NATS is away')),
      onDropped: ({ id }) => dropped.push(id),
    });
    assert.deepEqual(dropped, ['a']);
    assert.equal(outbox.pending(), 2);
    outbox.close();
  });

  it('reads no line that is JSON and no entry', () => {
    const file = newFile();
    writeFileSync(file, 'null\n5\n{"id":5,"value":1}\n{"id":"a"}\n{"id":"b","value":1}\n');
    const unreadable: string[] = [];
    const outbox = createOutbox<number>({
      file,
      maxEntries: 10,
      send: async () => {},
      onUnreadable: (line) => unreadable.push(line),
    });
    assert.deepEqual(outbox.entries(), [{ id: 'b', value: 1 }]);
    assert.deepEqual(unreadable, ['null', '5', '{"id":5,"value":1}', '{"id":"a"}']);
    outbox.close();
  });

  it('touches no file after it was closed while it was sending, and keeps what is added then for the next process', async () => {
    const file = newFile();
    let acknowledge: () => void = () => {};
    const outbox = createOutbox<string>({
      file,
      maxEntries: 10,
      send: () => new Promise((resolve) => (acknowledge = resolve)),
    });
    outbox.add('a', 'under way');
    const flushing = outbox.flush();
    outbox.close();
    outbox.close();
    // The number of the closed file goes to the next one that is opened: cutting it would cut a stranger's file.
    const stranger = newFile();
    const fd = openSync(stranger, 'w');
    writeSync(fd, 'not yours');
    acknowledge();
    await flushing;
    outbox.add('b', 'too late');
    await nextTurn();
    closeSync(fd);
    assert.equal(readFileSync(stranger, 'utf8'), 'not yours');
    const kept = readFileSync(file, 'utf8').trim().split('\n');
    assert.deepEqual(
      kept.map((line) => JSON.parse(line)),
      [
        { id: 'a', value: 'under way' },
        { id: 'b', value: 'too late' },
      ],
    );
  });

  it('writes a large file anew once it has doubled, not at every entry of an outage', async () => {
    const file = newFile();
    const outbox = createOutbox<string>({
      file,
      maxEntries: 3,
      send: () => Promise.reject(new Error('NATS is away')),
    });
    const sizes: number[] = [];
    for (let i = 0; i < 12; i += 1) {
      outbox.add(`id-${i}`, 'x'.repeat(2 * 1024 * 1024));
      await nextTurn();
      await outbox.flush().catch(() => undefined);
      sizes.push(Math.round(statSync(file).size / 1024 / 1024));
    }
    // Written anew at 4 MB with 2 entries, then only above twice what was kept.
    assert.deepEqual(sizes, [2, 4, 6, 6, 8, 10, 6, 8, 10, 6, 8, 10]);
    outbox.close();
  });

  it('tells once that the disk takes nothing, and sends from memory', { skip: !existsSync('/dev/full') }, async () => {
    const file = newFile();
    const failures: unknown[] = [];
    const sent: string[] = [];
    let away = true;
    const outbox = createOutbox<number>({
      file,
      maxEntries: 10,
      async send({ id }) {
        if (away) throw new Error('NATS is away');
        sent.push(id);
      },
      onWriteError: (error) => failures.push(error),
    });
    fillTheDiskUnder(file);
    for (const id of ['a', 'b', 'c']) {
      outbox.add(id, 1);
      await nextTurn();
    }
    away = false;
    await outbox.flush();
    assert.deepEqual(sent, ['a', 'b', 'c']);
    assert.deepEqual(
      failures.map((error) => error instanceof Error && error.message.slice(0, 6)),
      ['ENOSPC'],
    );
    outbox.close();
  });
});

/** The number of a closed file goes to the next that is opened: from now on the writer writes to a full disk. */
function fillTheDiskUnder(file: string): void {
  const fd = readdirSync('/proc/self/fd')
    .map(Number)
    .find((number) => existsSync(`/proc/self/fd/${number}`) && readlinkSync(`/proc/self/fd/${number}`) === file);
  assert.ok(fd !== undefined);
  closeSync(fd);
  assert.equal(openSync('/dev/full', 'a'), fd);
}
