import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { after, before, describe, it } from 'node:test';
import { type ErrorCode, isServiceError } from '@understudy/shared/errors';
import { systemClock } from '@understudy/shared/service';
import { MAX_ANSWER_BYTES } from './answer-limit.ts';
import { createOpenAiProvider } from './openai-provider.ts';

const MIB = 1024 * 1024;
/** Generous: no test waits for it. */
const QUESTION = { messages: [{ role: 'user', content: 'hi' }], firstTokenMs: 60_000, nextTokenMs: 60_000 } as const;
const KEY = { ok: true, key: 'none', isSecret: false } as const;
const JSON_TYPE = { 'content-type': 'application/json' };
const SSE_TYPE = { 'content-type': 'text/event-stream' };

type Answer = (response: ServerResponse) => void;

function* endless(begin: string, piece: string) {
  yield begin;
  for (;;) yield piece;
}
/** Writes no faster than it is read, and ends only when the connection is closed. */
async function pour(response: ServerResponse, status: number, begin: string, piece: string): Promise<void> {
  response.writeHead(status, SSE_TYPE);
  await assert.rejects(pipeline(endless(begin, piece), response));
}

describe('answers that cannot be used as they come, over HTTP', () => {
  let answer: Answer = () => {};
  const server = createServer((request, response) => {
    request.resume();
    answer(response);
  });
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = () => {
    const base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const settings = { name: 'p', base_url, model: 'm', max_tokens: 20 };
    const provider = createOpenAiProvider(settings, KEY, { clock: systemClock, isInContainer: true });
    return Array.fromAsync(provider.ask(QUESTION, new AbortController().signal));
  };
  /** @returns code and what it was; the names before and the remedy behind are every failure's */
  const failureOf = async (how: Answer): Promise<readonly [code: ErrorCode, what: string | undefined]> => {
    answer = how;
    const error: unknown = await ask().catch((reason: unknown) => reason);
    assert.ok(isServiceError(error), String(error));
    assert.doesNotMatch(error.message, /host\.docker\.internal/);
    return [error.code, /\(model m\) (.*?)\. [A-Z]/.exec(error.message)?.[1]];
  };

  const ENDLESS = [
    ['a line without end', 'data: ', 'x'.repeat(1024), 'sent a line of more than 262144 bytes'],
    [
      'an event without end',
      '',
      `data: ${'x'.repeat(1024)}\n`,
      `sent more than ${MAX_ANSWER_BYTES} bytes as one answer`,
    ],
    ['JSON without end', '{"choices":"', 'x'.repeat(1024), 'sent a line of more than 262144 bytes'],
    ['comments without end', '', `: ${'x'.repeat(1024)}\n\n`, `sent more than ${MAX_ANSWER_BYTES} bytes as one answer`],
  ] as const;
  for (const [what, begin, piece, words] of ENDLESS) {
    it(`${what}: the connection is closed before it fills the memory`, async () => {
      const grownFrom = process.memoryUsage().rss;
      let poured: Promise<void> | undefined;
      const failure = await failureOf((response) => {
        poured = pour(response, 200, begin, piece.repeat(64));
      });
      assert.deepEqual(failure, ['LLM_BAD_RESPONSE', words]);
      await poured;
      const grownMiB = (process.memoryUsage().rss - grownFrom) / MIB;
      assert.ok(grownMiB < 150, `grew by ${grownMiB} MiB`);
    });
  }

  it('an error without end is the error that its status says', async () => {
    let poured: Promise<void> | undefined;
    const failure = await failureOf((response) => {
      poured = pour(response, 500, '', 'x'.repeat(65_536));
    });
    assert.deepEqual(failure, ['LLM_SERVER_ERROR', 'answered 500']);
    await poured;
  });

  const json = (body: unknown) => (response: ServerResponse) =>
    response.writeHead(200, JSON_TYPE).end(JSON.stringify(body, null, 2).replaceAll('\n', '\r\n'));
  const FAILURES: readonly (readonly [what: string, how: Answer, code: ErrorCode, words: string])[] = [
    [
      'an error under 200',
      json({ error: { type: 'overloaded_error' } }),
      'LLM_OVERLOADED',
      'answered with an error overloaded_error',
    ],
    [
      'an error under 200 with words',
      json({ type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } }),
      'LLM_RATE_LIMITED',
      'answered with an error rate_limit_error',
    ],
    ['an error that says nothing', json({ error: {} }), 'LLM_BAD_RESPONSE', 'answered with an error'],
    [
      'JSON of something else',
      json({ status: 'ok' }),
      'LLM_BAD_RESPONSE',
      'sent a chunk that is none: /: must have required properties choices',
    ],
    [
      'half of an object',
      (response) => response.writeHead(200, JSON_TYPE).end('{"choices":['),
      'LLM_BAD_RESPONSE',
      'sent something that is not JSON',
    ],
    ['204', (response) => response.writeHead(204).end(), 'LLM_BAD_RESPONSE', 'answered 204, which has no text'],
    [
      'a redirect without end',
      (response) => response.writeHead(307, { location: '/v1/chat/completions' }).end(),
      'LLM_BAD_RESPONSE',
      'sends us from one address to the next without end (REDIRECT_LOOP)',
    ],
    ['a redirect to nowhere', (response) => response.writeHead(302).end(), 'LLM_BAD_RESPONSE', 'answered 302'],
    ...(
      [
        ['gzip', 'Z_DATA_ERROR'],
        ['br', 'ERR__ERROR_FORMAT_PADDING_1'],
        ['zstd', 'ZSTD_error_prefix_unknown'],
      ] as const
    ).map(
      ([encoding, errno]) =>
        [
          `broken ${encoding}`,
          (response: ServerResponse) =>
            response.writeHead(200, { ...SSE_TYPE, 'content-encoding': encoding }).end('this is nothing of the kind'),
          'LLM_BAD_RESPONSE',
          `sent an answer that cannot be unpacked (${errno})`,
        ] as const,
    ),
  ];
  for (const [what, how, code, words] of FAILURES)
    it(`${what} is ${code}`, async () => assert.deepEqual(await failureOf(how), [code, words]));

  const usage = { prompt_tokens: 3, completion_tokens: 2 };
  const whole = (choice: object) => json({ object: 'chat.completion', choices: [{ index: 0, ...choice }], usage });
  it('takes an answer that is not streamed', async () => {
    answer = whole({ message: { role: 'assistant', content: 'Hi.\nHo.' }, finish_reason: 'stop' });
    assert.deepEqual(await ask(), [
      { type: 'text', text: 'Hi.\nHo.' },
      { type: 'end', reason: 'stop' },
    ]);
  });
  it('takes one that does not say why it ended', async () => {
    answer = whole({ message: { content: 'Hi.' } });
    assert.deepEqual(await ask(), [
      { type: 'text', text: 'Hi.' },
      { type: 'end', reason: 'stop' },
    ]);
  });
  it('reads its refusal and its emptiness as those of a stream', async () => {
    assert.equal((await failureOf(whole({ message: { refusal: 'I cannot' } })))[0], 'LLM_REFUSAL');
    assert.equal((await failureOf(whole({ message: { content: null } })))[0], 'LLM_EMPTY_RESPONSE');
  });
});
