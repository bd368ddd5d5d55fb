import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { ErrorResponse, InputResponse, Reply, TurnInput } from '@understudy/shared/contracts';
import { type Rig, reply, until, withRig } from './rig.ts';

/** Plays llm-service and osc-bridge: answers every input that comes over the bus. */
async function answering<T>(rig: Rig, ask: () => Promise<T>, more: Partial<Reply> = {}): Promise<T> {
  const { bus } = rig.context;
  const before = rig.published('input').length;
  const asking = ask();
  await until('the input is published', () => rig.published('input').length > before);
  const turnId = rig.published('input').at(-1)?.turnId ?? '';
  await bus.deliver('reply', reply(turnId, 0, 'Hi Sam!', more));
  await bus.deliver('delivery', { turnId, seq: 0, service: 'osc-bridge', result: 'queued', observed: {} });
  await bus.deliver('reply', reply(turnId, 1, 'Nice hat.', { final: true, ...more }));
  return asking;
}

const codes = (errors: readonly ErrorResponse[] | undefined) => errors?.map(({ error_code }) => error_code);
const turnOf = ({ turnId, budgetMs, ...turn }: TurnInput) => turn;

test('a written input becomes a turn on the bus, and the reply its answer', async () => {
  await withRig({}, async (rig) => {
    await until('both devices work', () => {
      const { hear, speak } = rig.context.observed();
      return hear?.level === 'full' && speak?.level === 'full';
    });
    const answer = await answering(rig, () => rig.ask('Hello, I am Sam.'));
    const { turn_id, ...rest } = answer;
    assert.deepEqual(rest, {
      message: 'Hi Sam! Nice hat.',
      mode: 'full',
      source: 'provider',
      fallback_used: false,
      cached_response_used: false,
      trace_id: '',
    });
    assert.deepEqual(rig.published('input').map(turnOf), [
      { seq: 0, final: true, from: 'audio-gateway', source: 'text', text: 'Hello, I am Sam.' },
    ]);
    const budgetMs = rig.published('input')[0]?.budgetMs ?? 0;
    assert.ok(budgetMs > 0 && budgetMs <= 8000 - 300, `${budgetMs} ms: the margin is taken off`);
    assert.deepEqual(rig.context.errors, []);
  });
});

test('audio_device_unavailable, all devices: text_only in the very next reply', async () => {
  const audio = { frames_timeout_ms: 500, ping_timeout_ms: 150, ping_interval_ms: 60_000 };
  await withRig({ audio, sections: { turn: { delivery_wait_ms: 10_000 } } }, async (rig) => {
    await until('both devices work', () => {
      const { hear, speak } = rig.context.observed();
      return hear?.level === 'full' && speak?.level === 'full';
    });
    rig.audio.applyFault('audio_device_unavailable');
    const answer = await answering(rig, () => rig.ask('test message'));
    assert.deepEqual(
      { message: answer.message, mode: answer.mode, fallback_used: answer.fallback_used, errors: codes(answer.errors) },
      { message: 'Hi Sam! Nice hat.', mode: 'text_only', fallback_used: true, errors: ['AUDIO_OUTPUT_LOST'] },
    );
    const outputLost = rig.context.errors.filter(({ code }) => code === 'AUDIO_OUTPUT_LOST');
    assert.equal(answer.errors?.[0]?.error_id, outputLost[0]?.id);
    assert.deepEqual(rig.context.observed().speak, { level: 'off', by: 'no_device' });

    const again = await answering(rig, () => rig.ask('test message'));
    assert.equal(again.errors?.[0]?.error_id, outputLost[0]?.id, 'the same outage, the same error');
    assert.equal(rig.context.errors.filter(({ code }) => code === 'AUDIO_OUTPUT_LOST').length, 1);

    rig.audio.clearFaults();
    const back = await answering(rig, () => rig.ask('test message'));
    assert.equal(back.errors, undefined);
    await until('hearing is full again', () => rig.context.observed().hear?.level === 'full');
    assert.deepEqual(rig.context.observed().speak, { level: 'full', by: 'device:headset-out' });
  });
});

test('no reply within the budget: the line is said, aloud too, and TURN_UNANSWERED is reported', async () => {
  await withRig({ sections: { turn: { budget_ms: 400 } } }, async (rig) => {
    const answer = await rig.ask('Is anybody there?');
    const line = rig.context.config().turn.unanswered_line;
    assert.deepEqual(
      { message: answer.message, source: answer.source, fallback: answer.fallback_used, errors: codes(answer.errors) },
      { message: line, source: 'pattern', fallback: true, errors: ['TURN_UNANSWERED'] },
    );
    await until('the line is heard', () => rig.audio.heard('headset-out').some(({ text }) => text === line));
  });
});

/** The llm-service's HTTP side. */
async function withLlmService(answer: object | undefined, play: (port: number, asked: unknown[]) => Promise<void>) {
  const asked: unknown[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push({ url: request.url, body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? { nonsense: true }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await play((server.address() as AddressInfo).port, asked);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test('while the bus is away the llm-service answers over HTTP, and its reply is spoken', async () => {
  const direct: InputResponse = {
    message: 'Straight from my head.',
    mode: 'full',
    source: 'cache',
    fallback_used: true,
    cached_response_used: true,
    trace_id: 'f'.repeat(32),
    turn_id: 'turn-00000009',
  };
  await withLlmService(direct, async (port, asked) => {
    await withRig({ sections: { http: { ports: { 'llm-service': port } } } }, async (rig) => {
      await until('hearing works', () => rig.context.observed().hear?.level === 'full');
      rig.context.bus.setConnected(false);
      assert.deepEqual(await rig.ask('Hello?'), { ...direct, trace_id: '' });
      assert.deepEqual(asked, [{ url: '/v1/input', body: { text: 'Hello?' } }]);
      await until('it is heard', () => rig.audio.heard('headset-out').length > 0);
      assert.deepEqual(
        rig.audio.heard('headset-out').map(({ text }) => text),
        ['Straight from my head.'],
      );
      assert.deepEqual(rig.context.errors, []);
    });
  });
});

test('a bus that goes away in the middle of a turn: the rest of the ladder answers', async () => {
  await withLlmService(undefined, async (port, asked) => {
    await withRig({ sections: { http: { ports: { 'llm-service': port } } } }, async (rig) => {
      await until('hearing works', () => rig.context.observed().hear?.level === 'full');
      const asking = rig.ask('Hello?');
      await until('the input is published', () => rig.published('input').length > 0);
      rig.context.bus.setConnected(false);
      const answer = await asking;
      assert.deepEqual(
        { message: answer.message, mode: answer.mode, errors: codes(answer.errors), asked: asked.length },
        {
          message: rig.context.config().turn.unanswered_line,
          mode: 'scripted',
          errors: ['SERVICE_UNREACHABLE'],
          asked: 1,
        },
      );
      const [event] = rig.context.errors;
      assert.match(event?.message ?? '', /answered what is no reply: .*; see `understudy status`/);
    });
  });
});

test('neither bus nor llm-service: the line, and SERVICE_UNREACHABLE', async () => {
  await withRig({ sections: { http: { ports: { 'llm-service': 1 } } } }, async (rig) => {
    rig.context.bus.setConnected(false);
    const answer = await rig.ask('Hello?');
    assert.deepEqual(
      { message: answer.message, source: answer.source, errors: codes(answer.errors) },
      { message: rig.context.config().turn.unanswered_line, source: 'pattern', errors: ['SERVICE_UNREACHABLE'] },
    );
    assert.deepEqual(
      rig.context.errors.map(({ code, subject }) => ({ code, subject })),
      [{ code: 'SERVICE_UNREACHABLE', subject: 'llm-service' }],
    );
  });
});

test('a body that is no input is refused by the schema', async () => {
  await withRig({}, async ({ http, published }) => {
    for (const payload of [
      {},
      { text: '' },
      { text: ' "" ' },
      { text: 5 },
      { text: 'x'.repeat(2001) },
      { text: 'Hi', extra: 1 },
      [],
    ]) {
      const answer = await http.inject({ method: 'POST', url: '/v1/input', payload });
      assert.equal(answer.statusCode, 400, JSON.stringify(payload).slice(0, 40));
    }
    assert.deepEqual(published('input'), []);
  });
});
