import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Delivery, InputResponse, Observed, Reply, SupervisedService } from '../contracts/index.ts';
import { createFakeClock, createFakeContext } from '../testing/index.ts';
import { createTurnCollector } from './turn-collector.ts';

const TURN = 'turn-00000001';
const ALL_FULL: Observed = {
  hear: { level: 'full', by: 'device:mic' },
  speak: { level: 'full', by: 'device:out' },
  think: { level: 'full', by: 'provider:primary' },
  act: { level: 'full', by: 'osc' },
  see: { level: 'full', by: 'camera' },
};

const reply = (seq: number, text: string, more: Partial<Reply> = {}): Reply => ({
  turnId: TURN,
  seq,
  final: false,
  budgetMs: 5000,
  text,
  source: 'provider',
  by: 'provider:primary',
  mode: 'full',
  fallbackUsed: false,
  cachedResponseUsed: false,
  errors: [],
  observed: {},
  ...more,
});

const delivery = (service: Delivery['service'], more: Partial<Delivery> = {}): Delivery => ({
  turnId: TURN,
  seq: 0,
  service,
  result: 'queued',
  observed: {},
  ...more,
});

const SINKS = ['osc-bridge', 'audio-gateway'] as const;

function setUp(name: SupervisedService = 'audio-gateway') {
  const clock = createFakeClock();
  const context = createFakeContext(name, { clock });
  for (const [capability, { level, by }] of Object.entries(ALL_FULL)) {
    context.observe(capability as keyof Observed, level, by);
  }
  const collector = createTurnCollector(context);
  const ask = () => {
    const answers: InputResponse[] = [];
    void collector.collect({ turnId: TURN, budgetMs: 8000, sinks: SINKS }).then((answer) => answers.push(answer));
    return answers;
  };
  return { clock, context, collector, ask };
}

const plain: InputResponse = {
  message: 'Hello there. Nice hat!',
  mode: 'full',
  source: 'provider',
  fallback_used: false,
  cached_response_used: false,
  trace_id: '',
  turn_id: TURN,
};

test('sentences in any order become one message as soon as every sink has spoken for the first', async () => {
  const { clock, context, collector, ask } = setUp();
  const answers = ask();
  await context.bus.deliver('reply', reply(1, 'Nice hat!', { final: true }));
  await context.bus.deliver('reply', reply(0, 'Hello there.'));
  await context.bus.deliver('delivery', delivery('osc-bridge'));
  await clock.advance(0);
  assert.deepEqual(answers, []);
  collector.onDelivery(delivery('audio-gateway'));
  await clock.advance(0);
  assert.deepEqual(answers, [plain]);
  assert.equal(clock.sleepers(), 0, 'no timer is left behind');
});

test('a sink that says nothing is waited for delivery_wait_ms after the final sentence, and no longer', async () => {
  const { clock, context, ask } = setUp();
  const answers = ask();
  await clock.advance(3000);
  await context.bus.deliver('reply', reply(0, 'Hello there. Nice hat!', { final: true }));
  await clock.advance(599);
  assert.deepEqual(answers, []);
  await clock.advance(1);
  assert.deepEqual(answers, [plain]);
});

test('while the bus is away only the own delivery is awaited', async () => {
  const { clock, context, collector, ask } = setUp('llm-service');
  const answers = ask();
  context.bus.setConnected(false);
  collector.onReply(reply(0, 'Hello there. Nice hat!', { final: true }));
  await clock.advance(0);
  assert.deepEqual(answers, [plain]);
});

test('a failed delivery lowers the mode of this very answer and adds its error once', async () => {
  const { clock, context, collector, ask } = setUp();
  const answers = ask();
  const failed: Partial<Delivery> = {
    result: 'failed',
    errorId: 'error-000001',
    errorCode: 'AUDIO_OUTPUT_LOST',
    observed: { speak: { level: 'off', by: 'no_device' } },
  };
  await context.bus.deliver('reply', reply(0, 'Hello there.'));
  await context.bus.deliver('reply', reply(1, 'Nice hat!', { final: true }));
  await context.bus.deliver('delivery', delivery('osc-bridge'));
  collector.onDelivery(delivery('audio-gateway', { ...failed, seq: 1 }));
  collector.onDelivery(delivery('audio-gateway', failed));
  await clock.advance(0);
  assert.deepEqual(answers, [
    {
      ...plain,
      mode: 'text_only',
      fallback_used: true,
      errors: [
        {
          handled: true,
          recovery_successful: false,
          fallback_activated: true,
          user_message: 'My voice is gone for a moment. I will write instead.',
          error_code: 'AUDIO_OUTPUT_LOST',
          error_id: 'error-000001',
        },
      ],
    },
  ]);
});

test('a sink that was told to do without counts as a fallback only where the mode is not full', async () => {
  for (const [observed, mode, fallbackUsed] of [
    [{ speak: { level: 'off', by: 'no_device' } }, 'text_only', true],
    [{}, 'full', false],
  ] as const) {
    const { clock, context, collector, ask } = setUp();
    const answers = ask();
    await context.bus.deliver('reply', reply(0, plain.message, { final: true }));
    await context.bus.deliver('delivery', delivery('osc-bridge'));
    collector.onDelivery(delivery('audio-gateway', { result: 'skipped', observed }));
    await clock.advance(0);
    assert.deepEqual(answers, [{ ...plain, mode, fallback_used: fallbackUsed }]);
  }
});

test('what the reply observed decides the mode: a pattern is scripted', async () => {
  const { clock, context, ask } = setUp();
  const answers = ask();
  const scripted = {
    source: 'pattern',
    fallbackUsed: true,
    final: true,
    observed: { think: { level: 'degraded', by: 'pattern' } },
  } as const;
  await context.bus.deliver('reply', reply(0, plain.message, scripted));
  for (const sink of SINKS) await context.bus.deliver('delivery', delivery(sink));
  await clock.advance(0);
  assert.deepEqual(answers, [{ ...plain, source: 'pattern', mode: 'scripted', fallback_used: true }]);
});

test('no sentence within the budget: the line is said, the failure is reported once and named in the answer', async () => {
  const { clock, context, ask } = setUp();
  const answers = ask();
  await clock.advance(7999);
  assert.deepEqual(answers, []);
  await clock.advance(1);
  const [event] = context.errors;
  assert.equal(context.errors.length, 1);
  assert.equal(event?.code, 'TURN_UNANSWERED');
  assert.equal(event?.turnId, TURN);
  assert.deepEqual(answers, [
    {
      ...plain,
      message: context.config().turn.unanswered_line,
      source: 'pattern',
      fallback_used: true,
      errors: [
        {
          handled: true,
          recovery_successful: false,
          fallback_activated: true,
          user_message: 'I lost the thread; say it again?',
          error_code: 'TURN_UNANSWERED',
          error_id: event?.id,
        },
      ],
    },
  ]);
});

test('a reply that breaks off is answered with what came', async () => {
  const { clock, context, collector, ask } = setUp();
  const answers = ask();
  await context.bus.deliver('reply', reply(0, 'Hello there.'));
  await context.bus.deliver('delivery', delivery('osc-bridge'));
  collector.onDelivery(delivery('audio-gateway'));
  await clock.advance(8000);
  assert.equal(answers.length, 1);
  assert.deepEqual(
    { ...answers[0], errors: answers[0]?.errors?.map(({ error_code }) => error_code) },
    { ...plain, message: 'Hello there.', fallback_used: true, errors: ['TURN_UNANSWERED'] },
  );
});

test('an aborted wait gives at once what has come', async () => {
  const { clock, collector } = setUp();
  const away = new AbortController();
  const gathering = collector.gather({ turnId: TURN, budgetMs: 8000, sinks: SINKS, signal: away.signal });
  away.abort();
  await clock.advance(0);
  assert.deepEqual(await gathering, { turnId: TURN, state: 'unanswered', replies: [], deliveries: [] });
});

test('the llm-service hears no replies on the bus; repeated and foreign ones are ignored', async () => {
  const { clock, context, collector, ask } = setUp('llm-service');
  const answers = ask();
  await context.bus.deliver('reply', reply(0, 'Not for us.', { final: true }));
  collector.onReply(reply(0, 'Another turn.', { turnId: 'turn-00000002', final: true }));
  collector.onReply(reply(0, 'Hello there.'));
  collector.onReply(reply(0, 'Hello again.'));
  collector.onReply(reply(1, 'Nice hat!', { final: true }));
  for (const sink of SINKS) await context.bus.deliver('delivery', delivery(sink));
  await clock.advance(0);
  assert.deepEqual(answers, [plain]);
});
