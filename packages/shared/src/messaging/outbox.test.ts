import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs';
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
});
