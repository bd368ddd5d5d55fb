import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import OpenAI, { APIError, APIUserAbortError } from 'openai';
import { decodeWav, encodeWav } from '../audio/wav.ts';
import type { FaultName } from '../faults/fault-table.ts';
import { demodulate, modulate } from '../speech-signal/speech-signal.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { type OpenAi, startOpenAi } from './openai.ts';

// The peer of these tests is OpenAI's own client: what it understands is the wire format.
let server: OpenAi;
before(async () => {
  server = await startOpenAi({
    port: 0,
    providers: ['primary', 'backup', 'voice'],
    pieceIntervalMs: 1,
    now: () => 1_750_000_000_000,
  });
});
beforeEach(() => server.clearFaults());
after(() => server.close());

const clientOf = (provider: string, apiKey = 'sk-simulated-key-1234'): OpenAI =>
  new OpenAI({ baseURL: server.baseUrl(provider), apiKey, maxRetries: 0, logLevel: 'off' });

const CHAT = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: "Hi, I'm Mara!" }] };
const REPLY = 'Hi Mara, welcome in! I was just warming up backstage. What brings you here tonight?';

const withoutIds = <Body extends { id: string }>({ id, ...body }: Body) => {
  assert.match(id, /^chatcmpl-[A-Za-z0-9_-]{29}$/);
  return body;
};

const USAGE = {
  prompt_tokens: 11,
  completion_tokens: 15,
  total_tokens: 26,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
};

test('a whole answer', async () => {
  const {
    data,
    response,
    request_id: requestId,
  } = await clientOf('primary').chat.completions.create(CHAT).withResponse();
  assert.deepEqual(withoutIds({ ...data }), {
    object: 'chat.completion',
    created: 1_750_000_000,
    model: 'gpt-4o-mini',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: REPLY, refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: USAGE,
    service_tier: 'default',
    system_fingerprint: 'fp_560af6e559',
  });
  assert.match(String(requestId), /^req_[0-9a-f]{32}$/);
  assert.equal(response.headers.get('openai-processing-ms'), '12');
});

test('a streamed answer, piece by piece, with usage last', async () => {
  const stream = await clientOf('backup').chat.completions.create({
    ...CHAT,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = await Array.fromAsync(stream);
  assert.equal(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''), REPLY);
  const choice = (delta: object, finish: string | null) => [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  assert.deepEqual(
    [chunks[0], chunks[1], chunks.at(-2), chunks.at(-1)].map((chunk) => [chunk?.choices, chunk?.usage]),
    [
      [choice({ role: 'assistant', content: '', refusal: null }, null), null],
      [choice({ content: 'Hi' }, null), null],
      [choice({}, 'stop'), null],
      [[], USAGE],
    ],
  );
  assert.equal(new Set(chunks.map(({ id }) => id)).size, 1);
});

test('the raw stream is server-sent events that end with [DONE]', async () => {
  const response = await fetch(`${server.baseUrl('primary')}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer k', 'content-type': 'application/json' },
    body: JSON.stringify({ ...CHAT, stream: true, max_tokens: 1 }),
  });
  const text = await response.text();
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  const events = text.split('\n\n');
  assert.deepEqual([events.at(-2), events.at(-1)], ['data: [DONE]', '']);
  assert.ok(events.slice(0, -2).every((event) => event.startsWith('data: {"id":"chatcmpl-')));
  assert.match(events.at(-3) ?? '', /"finish_reason":"length"/);
  assert.doesNotMatch(text, /usage/);
});

test('models are listed, an unknown one is a 404', async () => {
  const { data } = await clientOf('primary').models.list();
  assert.deepEqual(
    data.map(({ id, object }) => [id, object]),
    server.state().models.map((id) => [id, 'model']),
  );
  assert.equal((await clientOf('primary').models.retrieve('gpt-4o')).id, 'gpt-4o');
  await assert.rejects(clientOf('primary').chat.completions.create({ ...CHAT, model: 'gpt-9' }), {
    status: 404,
    code: 'model_not_found',
    type: 'invalid_request_error',
    message: '404 The model `gpt-9` does not exist or you do not have access to it.',
  });
});

test('speech is audio that carries the text, and transcription hears it again', async () => {
  const voice = clientOf('voice');
  const speak = async (format: 'wav' | 'pcm'): Promise<Buffer> => {
    const request = {
      model: 'gpt-4o-mini-tts',
      voice: 'alloy',
      input: 'The show must go on.',
      response_format: format,
    };
    return Buffer.from(await (await voice.audio.speech.create(request)).arrayBuffer());
  };
  const wav = await speak('wav');
  assert.equal(wav.readUInt32LE(40), 0xffffffff, 'OpenAI leaves the size of a streamed WAV open');
  const { sampleRate, samples } = decodeWav(wav);
  assert.deepEqual([sampleRate, demodulate(samples, sampleRate)], [24_000, 'The show must go on.']);
  assert.deepEqual((await speak('pcm')).equals(wav.subarray(44)), true);

  const file = await OpenAI.toFile(encodeWav({ sampleRate, samples }), 'speech.wav', { type: 'audio/wav' });
  const json = await voice.audio.transcriptions.create({ file, model: 'whisper-1', language: 'en' });
  assert.deepEqual(json, { text: 'The show must go on.', usage: { type: 'duration', seconds: 2 } });
  const text = await voice.audio.transcriptions.create({ file, model: 'whisper-1', response_format: 'text' });
  assert.equal(text, 'The show must go on.\n');
  const verbose = await voice.audio.transcriptions.create({
    file,
    model: 'whisper-1',
    response_format: 'verbose_json',
  });
  assert.equal(verbose.segments?.length, 1);
});

test('several utterances in one recording are joined, silence is an empty text', async () => {
  const transcribe = async (samples: Int16Array): Promise<string> => {
    const file = await OpenAI.toFile(encodeWav({ sampleRate: 16_000, samples }), 'a.wav', { type: 'audio/wav' });
    return (await clientOf('voice').audio.transcriptions.create({ file, model: 'gpt-4o-mini-transcribe' })).text;
  };
  const twice = Int16Array.from([
    ...modulate('Hello.', 16_000),
    ...new Int16Array(4000),
    ...modulate('Again.', 16_000),
  ]);
  assert.equal(await transcribe(twice), 'Hello. Again.');
  assert.equal(await transcribe(new Int16Array(16_000)), '');
});

test('what OpenAI refuses is refused in its words', async () => {
  const client = clientOf('voice');
  const upload = async (bytes: Buffer, name: string): Promise<unknown> =>
    client.audio.transcriptions.create({ file: await OpenAI.toFile(bytes, name), model: 'whisper-1' });
  const speak = (input: string, voice: string, format?: 'mp3' | 'wav'): Promise<unknown> =>
    client.audio.speech.create({ model: 'tts-1', voice, input, ...(format && { response_format: format }) });
  const rows: [() => Promise<unknown>, status: number, message: RegExp][] = [
    [() => clientOf('voice', 'wrong').models.list(), 401, /Incorrect API key provided: \*{5}\./],
    [() => upload(Buffer.from('not a sound'), 'a.wav'), 400, /does not start with a RIFF\/WAVE header/],
    [() => upload(Buffer.from('ID3'), 'a.mp3'), 400, /the file is named 'a\.mp3'/],
    [() => upload(encodeWav({ sampleRate: 16_000, samples: new Int16Array(100) }), 'a.wav'), 400, /too short/],
    [() => speak('Hello', 'alloy'), 400, /'wav' and 'pcm', without it OpenAI sends 'mp3'/],
    [() => speak('Hello', 'alloy', 'mp3'), 400, /not 'mp3'/],
    [() => speak('Hello', 'nobody', 'wav'), 400, /'nobody' is not one of alloy/],
    [() => speak('', 'alloy', 'wav'), 400, /expected 1 to 4096 characters, got 0/],
    [() => client.chat.completions.create({ ...CHAT, messages: [] }), 400, /at least one message/],
    [
      () => client.chat.completions.create({ ...CHAT, messages: [{ role: 'user', content: 'word '.repeat(110_000) }] }),
      400,
      /maximum context length is 128000 tokens\. However, your messages resulted in 137507 tokens/,
    ],
    [() => client.embeddings.create({ model: 'x', input: 'y' }), 404, /Invalid URL \(POST \/v1\/embeddings\)/],
    [() => clientOf('nobody').models.list(), 404, /Invalid URL/],
  ];
  for (const [act, status, message] of rows) {
    await assert.rejects(act(), (error) => {
      assert.ok(error instanceof APIError, String(error));
      assert.deepEqual([error.status, message.test(error.message)], [status, true], error.message);
      return true;
    });
  }
  const raw = async (init: RequestInit): Promise<[number, unknown]> => {
    const response = await fetch(`${server.baseUrl('primary')}/chat/completions`, init);
    return [
      response.status,
      ((await response.json()) as { error: { code: unknown; message: string } }).error.message.slice(0, 34),
    ];
  };
  assert.deepEqual(await raw({ method: 'POST' }), [401, "You didn't provide an API key. You"]);
  const headers = { authorization: 'Bearer k' };
  assert.deepEqual(await raw({ method: 'POST', headers, body: '{' }), [400, 'We could not parse the JSON body o']);
  const tooLarge = new Uint8Array(26_214_401);
  assert.deepEqual(await raw({ method: 'POST', headers, body: tooLarge }), [413, 'Maximum content size limit (262144']);
  assert.deepEqual(await raw({ method: 'GET', headers }), [405, 'Not allowed to GET on this resourc']);
});

const ERROR_FAULTS: [
  FaultName,
  expected: { status: number; code: string | null | undefined; type: string | undefined },
][] = [
  ['llm_rate_limited', { status: 429, code: 'rate_limit_exceeded', type: 'requests' }],
  ['llm_quota_exhausted', { status: 429, code: 'insufficient_quota', type: 'insufficient_quota' }],
  ['llm_bad_key', { status: 401, code: 'invalid_api_key', type: 'invalid_request_error' }],
  ['llm_unknown_model', { status: 404, code: 'model_not_found', type: 'invalid_request_error' }],
  ['llm_context_too_long', { status: 400, code: 'context_length_exceeded', type: 'invalid_request_error' }],
  ['llm_overloaded', { status: 503, code: undefined, type: undefined }],
];

for (const [fault, expected] of ERROR_FAULTS) {
  test(`${fault} hits the provider that it names and no other`, async () => {
    server.applyFault(fault, 'primary');
    await assert.rejects(clientOf('primary').chat.completions.create(CHAT), (error) => {
      assert.ok(error instanceof APIError);
      assert.deepEqual({ status: error.status, code: error.code, type: error.type }, expected);
      assert.equal(error.headers?.get('retry-after'), fault === 'llm_rate_limited' ? '2' : null);
      return true;
    });
    assert.equal((await clientOf('backup').chat.completions.create(CHAT)).choices[0]?.message.content, REPLY);
    server.clearFaults();
    assert.equal((await clientOf('primary').chat.completions.create(CHAT)).choices[0]?.message.content, REPLY);
  });
}

test('llm_timeout, stt_timeout and tts_timeout accept the request and never answer', async () => {
  const client = clientOf('voice');
  const arrived = () => server.state().providers['voice']?.requests ?? 0;
  const isNotAnswered = async (ask: (signal: AbortSignal) => Promise<unknown>) => {
    const [before, caller] = [arrived(), new AbortController()];
    const asked = assert.rejects(ask(caller.signal), APIUserAbortError);
    await waitUntil('the request came', () => arrived() > before);
    // Another one is, though it came later.
    assert.equal((await client.models.list()).data.length, 11);
    caller.abort();
    await asked;
  };
  server.applyFault('llm_timeout');
  await isNotAnswered((signal) => client.chat.completions.create(CHAT, { signal }));
  server.applyFault('tts_timeout');
  const speech = { model: 'tts-1', voice: 'alloy', input: 'x', response_format: 'wav' } as const;
  await isNotAnswered((signal) => client.audio.speech.create(speech, { signal }));
  server.applyFault('stt_timeout');
  const file = await OpenAI.toFile(encodeWav({ sampleRate: 16_000, samples: modulate('x', 16_000) }), 'a.wav');
  await isNotAnswered((signal) => client.audio.transcriptions.create({ file, model: 'whisper-1' }, { signal }));
  assert.deepEqual(
    server
      .state()
      .requests.slice(-6)
      .map(({ path, status }) => [path, status]),
    [
      ['/chat/completions', undefined],
      ['/models', 200],
      ['/audio/speech', undefined],
      ['/models', 200],
      ['/audio/transcriptions', undefined],
      ['/models', 200],
    ],
  );
});

test('llm_stall stops after the first pieces and keeps the connection; llm_cut_stream lets it die', async () => {
  server.applyFault('llm_stall', 'primary');
  const controller = new AbortController();
  const stalled = await clientOf('primary').chat.completions.create(
    { ...CHAT, stream: true },
    { signal: controller.signal },
  );
  const pieces: string[] = [];
  const reading = (async () => {
    for await (const chunk of stalled) pieces.push(chunk.choices[0]?.delta.content ?? '');
  })();
  await waitUntil('the first pieces came', () => pieces.length === 3);
  const ended = await Promise.race([
    reading.then(() => 'ended'),
    new Promise((resolve) => setTimeout(resolve, 300, 'open')),
  ]);
  assert.deepEqual([pieces, ended], [['', 'Hi', ' Mara,'], 'open']);
  controller.abort();
  await reading;

  server.applyFault('llm_cut_stream', 'primary');
  const cut = await clientOf('primary').chat.completions.create({ ...CHAT, stream: true });
  await assert.rejects(Array.fromAsync(cut), { name: 'TypeError', message: 'terminated' });
  await assert.rejects(clientOf('primary').chat.completions.create(CHAT));
});

test('llm_refusal, llm_content_filter, llm_empty and llm_html are answers without a text', async () => {
  const ask = () => clientOf('primary').chat.completions.create(CHAT);
  const choiceOf = async () => {
    const [choice] = (await ask()).choices;
    return {
      content: choice?.message.content,
      finish: choice?.finish_reason,
      refuses: choice?.message.refusal !== null,
    };
  };
  server.applyFault('llm_refusal');
  assert.deepEqual(await choiceOf(), { content: '', finish: 'stop', refuses: true });
  server.clearFaults();
  server.applyFault('llm_content_filter');
  assert.deepEqual(await choiceOf(), { content: '', finish: 'content_filter', refuses: false });
  const stream = await clientOf('primary').chat.completions.create({ ...CHAT, stream: true });
  assert.deepEqual(
    (await Array.fromAsync(stream)).map(({ choices }) => choices[0]?.finish_reason),
    [null, 'content_filter'],
  );
  server.clearFaults();
  server.applyFault('llm_empty');
  assert.deepEqual(await choiceOf(), { content: '', finish: 'stop', refuses: false });
  server.clearFaults();
  server.applyFault('llm_html');
  assert.match(String(await ask()), /^<!DOCTYPE html>/);
});

test('llm_out_of_memory and stt_out_of_memory are told in words under a 500', async () => {
  const client = clientOf('primary');
  server.applyFault('llm_out_of_memory');
  await assert.rejects(client.chat.completions.create(CHAT), { status: 500, message: /requires more system memory/ });
  server.applyFault('stt_out_of_memory');
  const file = await OpenAI.toFile(encodeWav({ sampleRate: 16_000, samples: modulate('x', 16_000) }), 'a.wav');
  const asked = client.audio.transcriptions.create({ file, model: 'whisper-1' });
  await assert.rejects(asked, { status: 500, message: /CUDA failed with error out of memory/ });
});

test('tts_empty is a 200 with no bytes', async () => {
  server.applyFault('tts_empty');
  const request = { model: 'tts-1', voice: 'alloy', input: 'x', response_format: 'pcm' as const };
  const audio = await clientOf('voice').audio.speech.create(request);
  assert.deepEqual([audio.status, (await audio.arrayBuffer()).byteLength], [200, 0]);
});

test('of several faults the newest counts, and each ends after its time', async () => {
  server.applyFault('llm_overloaded', 'primary');
  server.applyFault('llm_quota_exhausted', 'primary');
  const status = async (): Promise<number | undefined> => {
    try {
      await clientOf('primary').chat.completions.create(CHAT);
      return 200;
    } catch (error) {
      return error instanceof APIError ? error.status : undefined;
    }
  };
  assert.equal(await status(), 429);
  server.applyFault('llm_quota_exhausted', 'primary', 1);
  await waitUntil('the newer one is over', async () => (await status()) === 503);
  assert.deepEqual(server.state().faults, [{ fault: 'llm_overloaded', target: 'primary' }]);
});

test('unknown faults and providers are refused', () => {
  assert.throws(() => server.applyFault('osc_flood'), { code: 'SIMULATOR_UNKNOWN_FAULT' });
  assert.throws(() => server.applyFault('llm_timeout', 'third'), {
    message: "Fault 'llm_timeout' cannot hit 'third'. Targets: primary, backup, voice.",
  });
});

test('a caller who hangs up in the middle of an upload harms nobody', async () => {
  const controller = new AbortController();
  const body = new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array(1000)) });
  const before = server.state().requests.length;
  const upload = fetch(`${server.baseUrl('primary')}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer k' },
    body,
    duplex: 'half',
    signal: controller.signal,
  });
  await waitUntil('it began', () => server.state().requests.length > before);
  controller.abort();
  await assert.rejects(upload, { name: 'AbortError' });
  assert.equal((await clientOf('primary').chat.completions.create(CHAT)).choices[0]?.message.content, REPLY);
});
