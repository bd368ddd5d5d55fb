import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type ErrorCode, isServiceError } from '@understudy/shared/errors';
import { systemClock } from '@understudy/shared/service';
import { type OpenAi, startOpenAi } from '@understudy/simulators';
import type { AnswerPart, ChatQuestion } from './chat-provider.ts';
import { createOpenAiProvider } from './openai-provider.ts';

const KEY = { ok: true, key: 'sk-test-1234', isSecret: true } as const;
/** Generous: no test waits for it unless silence is its subject. */
const PATIENT = { firstTokenMs: 60_000, nextTokenMs: 60_000 };
const HI: ChatQuestion = { messages: [{ role: 'user', content: 'test message' }], ...PATIENT };

const providerAt = (baseUrl: string, model = 'simulated') =>
  createOpenAiProvider({ name: 'primary', base_url: baseUrl, model, max_tokens: 200 }, KEY, { clock: systemClock });

type Provider = ReturnType<typeof providerAt>;

async function read(provider: Provider, question: ChatQuestion = HI, signal = new AbortController().signal) {
  const parts: AnswerPart[] = [];
  for await (const part of provider.ask(question, signal)) parts.push(part);
  const end = parts.find((part) => part.type === 'end');
  return { text: parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join(''), end: end?.reason };
}

async function failureOf(running: Promise<unknown>) {
  try {
    await running;
  } catch (error) {
    if (!isServiceError(error)) throw error;
    return { code: error.code, message: error.message, facts: error.facts };
  }
  throw new Error('it answered');
}

describe('a provider against the simulator', () => {
  let peer: OpenAi;
  before(async () => {
    peer = await startOpenAi({ port: 0, providers: ['primary'] });
  });
  after(() => peer.close());

  it('streams an answer', async () => {
    assert.deepEqual(await read(providerAt(peer.baseUrl('primary'))), {
      text: 'So message it is. I like how you put that. Tell me more?',
      end: 'stop',
    });
  });
  it('can be asked for one token, which is counted as no conversation', async () => {
    const used: (boolean | undefined)[] = [];
    const settings = { name: 'primary', base_url: peer.baseUrl('primary'), model: 'simulated', max_tokens: 200 };
    const provider = createOpenAiProvider(settings, KEY, {
      clock: systemClock,
      onUsage: ({ isProof }) => void used.push(isProof),
    });
    assert.deepEqual(await read(provider, { ...HI, maxTokens: 1 }), { text: 'So', end: 'length' });
    await read(provider);
    assert.deepEqual(used, [true, false]);
  });

  const FAULTS = [
    ['llm_quota_exhausted', 'LLM_QUOTA_EXHAUSTED'],
    ['llm_bad_key', 'LLM_BAD_KEY'],
    ['llm_unknown_model', 'LLM_UNKNOWN_MODEL'],
    ['llm_context_too_long', 'LLM_CONTEXT_TOO_LONG'],
    ['llm_overloaded', 'LLM_OVERLOADED'],
    ['llm_out_of_memory', 'LLM_OUT_OF_MEMORY'],
    ['llm_refusal', 'LLM_REFUSAL'],
    ['llm_content_filter', 'LLM_CONTENT_FILTERED'],
    ['llm_cut_stream', 'LLM_STALLED'],
    ['llm_html', 'LLM_BAD_RESPONSE'],
    ['llm_empty', 'LLM_EMPTY_RESPONSE'],
  ] as const;
  for (const [fault, code] of FAULTS) {
    it(`${fault} is ${code}, once, of this provider`, async () => {
      const before = peer.state().requests.length;
      peer.applyFault(fault);
      const { facts, ...failure } = await failureOf(read(providerAt(peer.baseUrl('primary'))));
      peer.clearFaults();
      assert.equal(failure.code, code);
      assert.match(failure.message, /^Provider primary at 127\.0\.0\.1:\d+ \(model simulated\) .+\. \S.+/);
      assert.equal(facts.subject, 'primary');
      assert.equal(peer.state().requests.length, before + 1);
    });
  }

  it('llm_rate_limited is LLM_RATE_LIMITED with the time that the provider asks for', async () => {
    peer.applyFault('llm_rate_limited');
    const { code, facts } = await failureOf(read(providerAt(peer.baseUrl('primary'))));
    peer.clearFaults();
    assert.equal(code, 'LLM_RATE_LIMITED');
    assert.ok(facts.retryAfterMs !== undefined && facts.retryAfterMs > 0);
  });
  it('llm_timeout is LLM_TIMEOUT after the time for the first token', async () => {
    peer.applyFault('llm_timeout');
    const { code } = await failureOf(read(providerAt(peer.baseUrl('primary')), { ...HI, firstTokenMs: 100 }));
    peer.clearFaults();
    assert.equal(code, 'LLM_TIMEOUT');
  });
  it('llm_stall is LLM_STALLED after the time for the next token', async () => {
    peer.applyFault('llm_stall');
    const { code } = await failureOf(read(providerAt(peer.baseUrl('primary')), { ...HI, nextTokenMs: 200 }));
    peer.clearFaults();
    assert.equal(code, 'LLM_STALLED');
  });
  it('passes on that the caller gave up', async () => {
    peer.applyFault('llm_timeout');
    const caller = new AbortController();
    const running = read(providerAt(peer.baseUrl('primary')), HI, caller.signal);
    caller.abort(new Error('the turn is over'));
    await assert.rejects(running, { message: 'the turn is over' });
    peer.clearFaults();
  });
});

describe('a provider against servers that are not as they should be', () => {
  type Answer = (
    request: { body: Record<string, unknown>; headers: IncomingMessage['headers'] },
    response: ServerResponse,
  ) => void;
  let answer: Answer = () => {};
  const seen: { body: Record<string, unknown>; headers: IncomingMessage['headers'] }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const record = { body: JSON.parse(Buffer.concat(chunks).toString()), headers: request.headers };
    seen.push(record);
    answer(record, response);
  });
  let baseUrl = '';
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const sse = (response: ServerResponse, ...events: readonly unknown[]) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of events)
      response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
    return response;
  };
  const text = (content: string, finish_reason: string | null = null) => ({
    choices: [{ index: 0, delta: { content }, finish_reason }],
  });
  const json = (response: ServerResponse, status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

  const BAD: readonly [string, Answer, ErrorCode, RegExp][] = [
    [
      'an error in mid-stream',
      (_, r) => sse(r, text('One'), { error: { message: 'x', type: 'server_error', code: null } }).end(),
      'LLM_SERVER_ERROR',
      /answered with an error server_error/,
    ],
    ['no JSON in mid-stream', (_, r) => sse(r, text('One'), '{"choices":[').end(), 'LLM_BAD_RESPONSE', /not JSON/],
    [
      'a chunk of another shape',
      (_, r) => sse(r, { choices: 'none' }).end(),
      'LLM_BAD_RESPONSE',
      /a chunk that is none: \/choices/,
    ],
    [
      'an end without a reason',
      (_, r) => sse(r, text('One'), '[DONE]').end(),
      'LLM_STALLED',
      /without a finish reason/,
    ],
    [
      'payment required',
      (_, r) => json(r, 402, { error: { message: 'Insufficient credits', code: 402 } }),
      'LLM_QUOTA_EXHAUSTED',
      /answered 402/,
    ],
    [
      'a path that is not there',
      (_, r) => json(r, 404, { detail: 'Not Found' }),
      'LLM_BAD_RESPONSE',
      /base_url .* ends in \/v1/,
    ],
    [
      'too long, in words alone',
      (_, r) =>
        json(r, 400, { object: 'error', message: "This model's maximum context length is 4096 tokens", code: 400 }),
      'LLM_CONTEXT_TOO_LONG',
      /answered 400/,
    ],
    ['a gateway that waited', (_, r) => r.writeHead(504).end('<html>'), 'LLM_TIMEOUT', /answered 504/],
    ['a broken gateway', (_, r) => r.writeHead(502).end('<html>'), 'LLM_SERVER_ERROR', /answered 502/],
  ];
  for (const [what, how, code, words] of BAD) {
    it(`${what} is ${code}`, async () => {
      answer = how;
      const failure = await failureOf(read(providerAt(baseUrl)));
      assert.equal(failure.code, code);
      assert.match(failure.message, words);
    });
  }

  it('does not count the time of whoever listens as silence of the server', async () => {
    // In one piece: what was read already needs no time of the machine's any more.
    const events = [text('Hi.'), text(' Ho.'), text('', 'stop')].map((event) => `data: ${JSON.stringify(event)}\n\n`);
    answer = (_, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`${events.join('')}data: [DONE]\n\n`);
    const parts: AnswerPart[] = [];
    const question = { ...HI, nextTokenMs: 400 };
    for await (const part of providerAt(baseUrl).ask(question, new AbortController().signal)) {
      parts.push(part);
      if (part.type === 'text') await new Promise((resolve) => setTimeout(resolve, 800));
    }
    assert.deepEqual(
      parts.map(({ type }) => type),
      ['text', 'text', 'end'],
    );
  });

  it('does not wait for a server that goes on after its end', async () => {
    answer = (_, response) => sse(response, text('Hi.'), text('', 'stop'));
    const parts: string[] = [];
    for await (const part of providerAt(baseUrl).ask(HI, new AbortController().signal)) parts.push(part.type);
    assert.deepEqual(parts, ['text', 'end']);
  });

  it('speaks of the token limit as the model wants it, and remembers', async () => {
    answer = ({ body }, response) => {
      if ('max_tokens' in body) {
        const error = {
          message: 'Use max_completion_tokens',
          type: 'invalid_request_error',
          param: 'max_tokens',
          code: 'unsupported_parameter',
        };
        json(response, 400, { error });
      } else {
        sse(response, text('Hi.', 'stop'), '[DONE]').end();
      }
    };
    seen.length = 0;
    const provider = providerAt(baseUrl);
    assert.deepEqual(
      [await read(provider), await read(provider)],
      [
        { text: 'Hi.', end: 'stop' },
        { text: 'Hi.', end: 'stop' },
      ],
    );
    assert.deepEqual(
      seen.map(({ body }) => [body['max_tokens'], body['max_completion_tokens']]),
      [
        [200, undefined],
        [undefined, 200],
        [undefined, 200],
      ],
    );
  });

  it('sends the key and nothing of the environment', async () => {
    answer = (_, response) => sse(response, text('Hi.', 'stop'), '[DONE]').end();
    seen.length = 0;
    process.env['OPENAI_ORG_ID'] = 'org-of-somebody';
    process.env['OPENAI_PROJECT_ID'] = 'project-of-somebody';
    try {
      await read(providerAt(baseUrl));
    } finally {
      delete process.env['OPENAI_ORG_ID'];
      delete process.env['OPENAI_PROJECT_ID'];
    }
    const headers = seen[0]?.headers ?? {};
    assert.deepEqual(
      [headers.authorization, headers['openai-organization'], headers['openai-project']],
      ['Bearer sk-test-1234', undefined, undefined],
    );
  });

  it('says which part of the way is broken', async (t) => {
    const closed = createTcpServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const garbage = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    await new Promise<void>((resolve) => garbage.listen(0, '127.0.0.1', resolve));
    t.after(() => garbage.close());
    const garbagePort = (garbage.address() as AddressInfo).port;
    const words = async (url: string) => {
      const { code, message } = await failureOf(read(providerAt(url)));
      assert.equal(code, 'LLM_UNREACHABLE');
      return /\((DNS|TCP|TLS|HTTP), \w+\)/.exec(message)?.[1];
    };
    assert.deepEqual(
      [
        await words(`http://127.0.0.1:${port}/v1`),
        await words('http://no-such-host.invalid/v1'),
        await words(baseUrl.replace('http:', 'https:')),
        await words(`http://127.0.0.1:${garbagePort}/v1`),
      ],
      ['TCP', 'DNS', 'TLS', 'HTTP'],
    );
  });

  it('does not ask with a key that is not there, and says which', async () => {
    seen.length = 0;
    const settings = { name: 'primary', base_url: baseUrl, model: 'm', max_tokens: 5 };
    const provider = createOpenAiProvider(
      settings,
      { ok: false, reason: 'the variable LLM_KEY is not set' },
      { clock: systemClock },
    );
    const { code, message } = await failureOf(read(provider));
    assert.equal(code, 'LLM_BAD_KEY');
    assert.match(message, /cannot be asked: the variable LLM_KEY is not set\. Put a valid key/);
    assert.equal(seen.length, 0);
  });
});
