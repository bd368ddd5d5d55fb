import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { RecoveryCommand, RecoveryResult } from '../contracts/index.ts';
import { createCommandResponder } from './command-responder.ts';

const command: RecoveryCommand = {
  id: 'command-1',
  service: 'osc-bridge',
  verb: 'reconnect',
  args: {},
  deadlineMs: 1000,
};
const meta = { trace: {} };

function responder(handle: (command: RecoveryCommand) => Promise<RecoveryResult>) {
  const rejected: string[] = [];
  const respond = createCommandResponder({
    handle,
    observed: () => ({}),
    onRejected: (reason) => rejected.push(reason),
  });
  return { respond, rejected };
}
const done = async ({ id }: RecoveryCommand): Promise<RecoveryResult> => ({
  commandId: id,
  outcome: 'done',
  detail: 'ok',
  observed: {},
});

describe('the command responder', () => {
  it('answers a repeated id with the first result, also while it is under way', async () => {
    let times = 0;
    const { respond } = responder(async (given) => {
      times += 1;
      return done(given);
    });
    const [first, second] = await Promise.all([respond(command, meta), respond(command, meta)]);
    assert.deepEqual(first, { commandId: 'command-1', outcome: 'done', detail: 'ok', observed: {} });
    assert.equal(second, first);
    assert.equal(times, 1);
  });

  it('refuses what is late', async () => {
    const { respond } = responder(done);
    const result = await respond(command, meta, 1500);
    assert.deepEqual(result, {
      commandId: 'command-1',
      outcome: 'refused',
      detail: 'arrived 500 ms after its deadline',
      observed: {},
    });
  });

  it('turns a handler that throws into a failed result', async () => {
    const { respond } = responder(() => Promise.reject(new Error('no socket')));
    assert.deepEqual(await respond(command, meta), {
      commandId: 'command-1',
      outcome: 'failed',
      detail: 'reconnect failed: no socket',
      observed: {},
    });
  });

  it('refuses anything that is no command and never throws', async () => {
    const { respond, rejected } = responder(done);
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (data) => {
        const { outcome, detail } = await respond(data, meta);
        assert.equal(outcome, 'refused');
        assert.match(detail, /^not a command: /);
      }),
      { numRuns: 200 },
    );
    assert.equal(rejected.length, 200);
  });
});
