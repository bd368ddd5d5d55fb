import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type LiveService, startLiveService, turnOf } from '../testing/live-service.ts';

const chunk = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;

describe('an answer that nobody wants any more', () => {
  let live: LiveService;
  beforeEach(async () => {
    live = await startLiveService();
  });
  afterEach(() => live.stop());

  /** A model that says one sentence and a half and goes on thinking; `closed`: it sees that nobody listens. */
  async function slowModel() {
    const { promise: closed, resolve: onClose } = Promise.withResolvers<void>();
    const server = createServer((request, response) => {
      request.resume();
      response.once('close', onClose);
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(chunk('First of all. And th'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const [primary] = live.context.config().llm.providers;
    assert.ok(primary);
    live.configure({
      providers: [{ ...primary, base_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` }],
    });
    return {
      closed,
      end() {
        server.closeAllConnections();
        server.close();
      },
    };
  }
  const heard = (turnId: string) => live.replies(turnId).map(({ text, final }) => ({ text, final }));
  const firstSentence = async (turnId: string) => {
    while (live.replies(turnId).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('is given up when its speaker speaks again: the model sees the connection closed, and it is no failure', async () => {
    const model = await slowModel();
    const [first, second] = [turnOf('hello', { source: 'speech' }), turnOf('no, wait', { source: 'speech' })];
    const answered = live.context.bus.deliver('utterance', first);
    await firstSentence(first.turnId);
    void live.context.bus.deliver('utterance', second);
    await model.closed;
    await answered;
    assert.deepEqual(heard(first.turnId), [
      { text: 'First of all.', final: false },
      { text: '', final: true },
    ]);
    assert.deepEqual(live.reported(), []);
    assert.match(await live.context.metrics.text(), /provider_calls_total\{.*outcome="interrupted".*\} 1/);
    model.end();
  });

  it('is given up when a sink says that somebody spoke over the bot', async () => {
    const model = await slowModel();
    const turn = turnOf('hello', { source: 'speech' });
    const answered = live.context.bus.deliver('utterance', turn);
    await firstSentence(turn.turnId);
    live.context.bus.deliver('delivery', {
      turnId: turn.turnId,
      seq: 0,
      service: 'audio-gateway',
      result: 'skipped',
      interrupted: true,
      observed: {},
    });
    await model.closed;
    await answered;
    assert.equal(heard(turn.turnId).at(-1)?.final, true);
    model.end();
  });

  it('is answered to the end beside a turn of somebody else', async () => {
    const first = turnOf('test message', { source: 'speech', userId: 'Anna' });
    const second = turnOf('test message', { source: 'speech', userId: 'Ben' });
    await Promise.all([live.context.bus.deliver('utterance', first), live.context.bus.deliver('utterance', second)]);
    assert.deepEqual([heard(first.turnId).length, heard(second.turnId).length], [3, 3]);
  });
});
