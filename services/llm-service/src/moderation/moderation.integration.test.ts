import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { LINE, type LiveService, lastOf, startLiveService, wordsOf } from '../testing/live-service.ts';

const FIRST = 'So message it is.';

describe('moderation between a sentence and the bus', () => {
  let live: LiveService;
  let answer: (sentence: string, response: ServerResponse) => void = () => {};
  const judged: string[] = [];
  const judge = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { input } = JSON.parse(Buffer.concat(chunks).toString());
    judged.push(input);
    answer(input, response);
  });
  const flags = (sentence: string | undefined) => (input: string, response: ServerResponse) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ id: 'modr-1', model: 'm', results: [{ flagged: input === sentence, categories: {} }] }));
  before(() => new Promise<void>((resolve) => judge.listen(0, '127.0.0.1', resolve)));
  after(() => {
    judge.closeAllConnections();
    judge.close();
  });
  beforeEach(async () => {
    live = await startLiveService();
    judged.length = 0;
  });
  afterEach(() => live.stop());

  const configure = (more: object) => {
    const { moderation } = live.context.config().llm;
    live.configure({ moderation: { ...moderation, timeout_ms: 20_000, ...more } });
  };
  const endpoint = () => ({ base_url: `http://127.0.0.1:${(judge.address() as AddressInfo).port}/v1` });
  const probe = async (subject?: string) =>
    (await live.parts.probes.moderation?.(subject, new AbortController().signal))?.ok;

  it('does not say a sentence with a blocked word, nor what comes after it; a line of the persona stands in', async () => {
    configure({ blocked_words: ['put'] });
    const all = await live.say(LINE);
    assert.deepEqual(
      all.map(({ text, final, by }) => ({ text, final, by })),
      [
        { text: FIRST, final: false, by: 'provider:primary' },
        { text: 'Not that.', final: true, by: 'pattern' },
      ],
    );
    assert.deepEqual(
      [live.reported(), live.think()],
      [['REPLY_BLOCKED primary'], { level: 'full', by: 'provider:primary' }],
    );
    assert.doesNotMatch(JSON.stringify(live.context.errors), /how you put/);
    assert.match(await live.context.metrics.text(), /understudy_replies_blocked_total\{.*reason="words".*\} 1/);
    // Neither kept in memory nor in the cache: with every provider shut the same words are not found.
    configure({ blocked_words: [] });
    live.peer.applyFault('llm_overloaded');
    assert.equal(lastOf(await live.say(LINE)).source, 'pattern');
  });

  it('shuts a provider out after so many strikes, asks the next one, and comes back after the window or a reload', async () => {
    configure({ blocked_words: ['put'], strikes: 2 });
    await live.say(LINE);
    await live.say(LINE);
    assert.deepEqual(live.reported(), [
      'REPLY_BLOCKED primary',
      'REPLIES_BLOCKED_OFTEN primary',
      'REPLY_BLOCKED primary',
    ]);
    assert.deepEqual([await probe('primary'), await probe()], [false, true]);
    assert.equal((await live.parts.probes.moderation?.('renamed', new AbortController().signal))?.gone, true);
    assert.equal(live.think()?.level, 'degraded');
    const next = await live.say('Tell me a joke');
    assert.deepEqual(
      [lastOf(next).by, lastOf(next).errors.map(({ error_code }) => error_code)],
      ['provider:backup', ['REPLIES_BLOCKED_OFTEN']],
    );
    configure({ blocked_words: [] });
    assert.deepEqual([await probe('primary'), lastOf(await live.say('Sing a song')).by], [true, 'provider:primary']);
  });

  it('asks the service for each sentence, and does what it says', async () => {
    answer = flags('I like how you put that.');
    configure({ endpoint: endpoint() });
    assert.equal(wordsOf(await live.say(LINE)), `${FIRST} Not that.`);
    assert.deepEqual(judged, [FIRST, 'I like how you put that.']);
    assert.match(await live.context.metrics.text(), /understudy_replies_blocked_total\{.*reason="service".*\} 1/);
  });

  const AWAY: readonly [string, (input: string, response: ServerResponse) => void, RegExp][] = [
    [
      'answers with an error, in which it repeats the sentence',
      (input, response) => response.writeHead(500).end(JSON.stringify({ error: { message: input, type: 'x' } })),
      /^The moderation service answered 500 x; the words/,
    ],
    [
      'answers something else',
      (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":1}'),
      /^The moderation service answered something else: .*; the words/,
    ],
    [
      'is cut',
      (_, response) => response.socket?.destroy(),
      /^The moderation service cannot be reached: .* \(TCP, \w+\); the words/,
    ],
  ];
  for (const [what, how, words] of AWAY) {
    it(`a service that ${what} is reported once; its sentences are said, or not where the operator wants that`, async () => {
      answer = how;
      configure({ endpoint: endpoint() });
      assert.equal(lastOf(await live.say(LINE)).source, 'provider');
      assert.deepEqual(
        [live.reported(), judged.length, await probe('moderation')],
        [['MODERATION_UNAVAILABLE moderation'], 1, false],
      );
      assert.match(live.context.errors[0]?.message ?? '', words);
      assert.doesNotMatch(JSON.stringify(live.context.errors), /So message it is/);
      configure({ endpoint: endpoint(), when_away: 'block' });
      const [only] = await live.say('Tell me a joke');
      assert.deepEqual(
        [only?.text, only?.errors.map(({ error_code }) => error_code)],
        ['Not that.', ['REPLY_BLOCKED']],
      );
      answer = flags(undefined);
      assert.equal(await probe('moderation'), true);
      assert.equal(lastOf(await live.say('Sing a song')).source, 'provider');
    });
  }

  it('does not wait for a service that hangs', async () => {
    answer = () => {};
    configure({ endpoint: endpoint(), timeout_ms: 100 });
    assert.equal(lastOf(await live.say(LINE)).source, 'provider');
    assert.deepEqual(live.reported(), ['MODERATION_UNAVAILABLE moderation']);
    assert.match(live.context.errors[0]?.message ?? '', /^The moderation service did not answer in time;/);
  });
});
