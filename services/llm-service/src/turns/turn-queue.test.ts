import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TurnInput } from '@understudy/shared/contracts';
import fc from 'fast-check';
import { createTurnQueue } from './turn-queue.ts';

const input = (turnId: string, more: Partial<TurnInput> = {}): TurnInput => ({
  turnId,
  seq: 0,
  final: true,
  budgetMs: 8000,
  from: 'audio-gateway',
  source: 'text',
  text: 'hi',
  ...more,
});

function create(options: { atOnce?: number; waiting?: number } = {}) {
  const events: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<void>>();
  let now = 0;
  const queue = createTurnQueue({
    atOnce: options.atOnce ?? 2,
    waiting: options.waiting ?? 2,
    now: () => now,
    async answer({ input: { turnId }, signal }) {
      events.push(`begin ${turnId}${signal.aborted ? ' unwanted' : ''}`);
      const gate = Promise.withResolvers<void>();
      gates.set(turnId, gate);
      await gate.promise;
      events.push(`end ${turnId}`);
    },
    drop: ({ input: { turnId } }, reason) => void events.push(`drop ${turnId} ${reason}`),
  });
  const end = async (turnId: string) => {
    gates.get(turnId)?.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const advance = (ms: number) => {
    now += ms;
  };
  return { queue, events, end, advance, gates };
}

describe('createTurnQueue', () => {
  it('answers some side by side and lets others wait their turn', async () => {
    const { queue, events, end } = create();
    for (const id of ['1', '2', '3']) void queue.accept(input(id));
    assert.deepEqual([events, queue.waiting()], [['begin 1', 'begin 2'], 1]);
    await end('1');
    assert.deepEqual([events.slice(2), queue.waiting()], [['end 1', 'begin 3'], 0]);
  });

  it('ends what nobody wants any more, be it under way or waiting; its place is not skipped', async () => {
    const { queue, events, end } = create({ atOnce: 1 });
    const answered = ['1', '2', '3'].map((id) => queue.accept(input(id)));
    queue.interrupt(({ turnId }) => turnId === '2');
    await end('1');
    await end('2');
    await end('3');
    assert.deepEqual(events, ['begin 1', 'end 1', 'begin 2 unwanted', 'end 2', 'begin 3', 'end 3']);
    assert.deepEqual(await Promise.all(answered), ['done', 'done', 'done']);
  });

  it('answers each turn once', async () => {
    const { queue, events } = create();
    void queue.accept(input('1'));
    assert.equal(await queue.accept(input('1')), 'ignored');
    assert.deepEqual(events, ['begin 1']);
  });

  it('does not answer what a viewer has not finished saying', async () => {
    const { queue, events } = create();
    assert.equal(await queue.accept(input('1', { final: false })), 'ignored');
    void queue.accept(input('1'));
    assert.deepEqual(events, ['begin 1']);
  });

  it('gives up the one that waits longest when one more comes', async () => {
    const { queue, events, end } = create();
    const done = ['1', '2', '3', '4', '5'].map((id) => queue.accept(input(id)));
    assert.deepEqual(events, ['begin 1', 'begin 2', 'drop 3 crowded']);
    for (const id of ['1', '2', '4', '5']) await end(id);
    assert.deepEqual(await Promise.all(done), ['done', 'done', 'done', 'done', 'done']);
    assert.deepEqual(
      events.filter((event) => event.startsWith('begin')),
      ['begin 1', 'begin 2', 'begin 4', 'begin 5'],
    );
  });

  it('does not begin a turn whose budget is spent', async () => {
    const { queue, events, end, advance } = create({ atOnce: 1 });
    void queue.accept(input('1'));
    void queue.accept(input('2', { budgetMs: 1000 }));
    advance(960);
    await end('1');
    assert.deepEqual(events, ['begin 1', 'end 1', 'drop 2 stale']);
  });

  it('takes nobody into a waiting room of no places', async () => {
    const { queue, events } = create({ atOnce: 1, waiting: 0 });
    void queue.accept(input('1'));
    await queue.accept(input('2'));
    assert.deepEqual(events, ['begin 1', 'drop 2 crowded']);
  });

  it('takes a flood beyond the places of the bulkhead', async () => {
    for (const waiting of [0, 3]) {
      const { queue, events, end } = create({ atOnce: 1, waiting });
      const ids = Array.from({ length: 200 }, (_, index) => String(index));
      const done = ids.map((id) => queue.accept(input(id)));
      await end('0');
      for (const id of ids.slice(1)) await end(id);
      assert.deepEqual(new Set(await Promise.all(done)), new Set(['done']));
      assert.equal(events.filter((event) => /^(begin|drop)/.test(event)).length, 200);
    }
  });

  it('tells when nothing is under way', async () => {
    const { queue, end } = create({ atOnce: 1 });
    await queue.idle();
    void queue.accept(input('1'));
    void queue.accept(input('2'));
    let idle = false;
    const waiting = queue.idle().then(() => {
      idle = true;
    });
    await end('1');
    assert.equal(idle, false);
    await end('2');
    await waiting;
    void queue.accept(input('3'));
    await queue.idle(AbortSignal.abort());
    assert.equal(queue.isIdle(), false);
  });

  it('passes on what the answering throws, and goes on', async () => {
    const { queue, gates, events } = create({ atOnce: 1 });
    const failed = queue.accept(input('1'));
    gates.get('1')?.reject(new Error('a bug'));
    await assert.rejects(failed, { message: 'a bug' });
    void queue.accept(input('2'));
    assert.deepEqual(events, ['begin 1', 'begin 2']);
  });

  it('survives any flood: each turn is answered or given up, once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.nat(4),
        fc.array(fc.nat(300), { minLength: 1, maxLength: 300 }),
        async (atOnce, waiting, ids) => {
          const { queue, events, end } = create({ atOnce, waiting });
          const done = ids.map((id) => queue.accept(input(`t${id}`)));
          assert.ok(queue.waiting() <= waiting);
          for (let i = 0; i < events.length; i += 1) {
            const [what, id] = (events[i] ?? '').split(' ');
            if (what === 'begin' && id) await end(id);
          }
          await Promise.all(done);
          const fates = events.filter((event) => !event.startsWith('end')).map((event) => event.split(' ')[1]);
          assert.deepEqual(fates.toSorted(), [...new Set(ids)].map((id) => `t${id}`).toSorted());
          assert.equal(queue.isIdle(), true);
        },
      ),
      { numRuns: 100 },
    );
  });
});
