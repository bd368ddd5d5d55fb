import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { createOutbox, type Outbox, type OutboxEntry } from './outbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'outbox-property-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = () => {
  files += 1;
  return join(folder, `${files}.jsonl`);
};

/** The other side: it stores one after another, may be away, and may go away between taking a message and saying so. */
function createPeer() {
  const stored: string[] = [];
  const state = { away: false, silent: 0 };
  return {
    stored,
    state,
    async send({ id }: OutboxEntry<number>): Promise<void> {
      await Promise.resolve();
      if (state.away) throw new Error('NATS is away');
      stored.push(id);
      await Promise.resolve();
      if (state.silent === 0) return;
      state.silent -= 1;
      throw new Error('no acknowledgement came');
    },
  };
}

type Step = 'add' | 'add three' | 'turn' | 'flush' | 'away' | 'back';
const steps = (more: readonly Step[] = []) =>
  fc.array(fc.constantFrom<Step>('add', 'add three', 'turn', 'flush', 'away', 'back', ...more), { maxLength: 40 });

const flushed = async (outbox: Outbox<number>) => {
  while (outbox.pending() > 0) await outbox.flush();
};

describe('the outbox under any interleaving', () => {
  it('loses nothing, keeps the order and sends nothing again that was acknowledged', async () => {
    await fc.assert(
      fc.asyncProperty(steps(), async (drawn) => {
        const peer = createPeer();
        const file = newFile();
        const outbox = createOutbox<number>({ file, maxEntries: 1000, send: peer.send });
        const added: string[] = [];
        const add = () => {
          const id = `id-${added.length}`;
          added.push(id);
          outbox.add(id, added.length);
        };
        for (const step of drawn) {
          if (step === 'add') add();
          else if (step === 'add three') for (let i = 0; i < 3; i += 1) add();
          else if (step === 'turn') await nextTurn();
          else if (step === 'flush') void outbox.flush().catch(() => undefined);
          else peer.state.away = step === 'away';
        }
        peer.state.away = false;
        await nextTurn();
        await outbox.flush().catch(() => undefined);
        await flushed(outbox);
        assert.deepEqual(peer.stored, added);
        outbox.close();
        assert.equal(readFileSync(file, 'utf8'), '');
      }),
    );
  });

  it('sends again only what was not acknowledged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4 }), async (entries, silent) => {
        const peer = createPeer();
        peer.state.silent = silent;
        const outbox = createOutbox<number>({ file: newFile(), maxEntries: 1000, send: peer.send });
        for (let i = 0; i < entries; i += 1) outbox.add(`id-${i}`, i);
        for (let i = 0; i < silent; i += 1) await assert.rejects(outbox.flush(), /no acknowledgement/);
        await flushed(outbox);
        const expected = [
          ...Array<string>(silent).fill('id-0'),
          ...Array.from({ length: entries }, (_, i) => `id-${i}`),
        ];
        assert.deepEqual(peer.stored, expected);
        outbox.close();
      }),
    );
  });

  it('survives a crash at any byte of its file: every whole line arrives, and so does all that is added later', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 3 }),
        async (first, cutBytes, second) => {
          const peer = createPeer();
          peer.state.away = true;
          const written = newFile();
          const before = createOutbox<number>({ file: written, maxEntries: 1000, send: peer.send });
          for (let i = 0; i < first; i += 1) before.add(`first-${i}`, i);
          await nextTurn();
          const whole = readFileSync(written);
          const left = whole.subarray(0, Math.max(0, whole.length - cutBytes)).toString();
          const survivors = left
            .split('\n')
            .filter((line) => line.endsWith('}'))
            .map((line) => (JSON.parse(line) as OutboxEntry<number>).id);
          before.close();

          // A second life that crashes too, before it could send anything.
          const file = newFile();
          writeFileSync(file, left);
          const next = createOutbox<number>({ file, maxEntries: 1000, send: peer.send });
          const later = Array.from({ length: second }, (_, i) => `second-${i}`);
          for (const id of later) next.add(id, 0);
          await nextTurn();
          const afterCrash = newFile();
          copyFileSync(file, afterCrash);
          next.close();

          peer.state.away = false;
          const last = createOutbox<number>({ file: afterCrash, maxEntries: 1000, send: peer.send });
          await flushed(last);
          assert.deepEqual(peer.stored, [...survivors, ...later]);
          last.close();
        },
      ),
    );
  });
});
