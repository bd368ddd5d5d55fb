import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createFakeContext, freePort } from '@understudy/shared/testing';
import { compose } from './app.ts';
import { openActClient } from './testing/act-client.ts';
import { bridgeYaml } from './testing/bridge-config.ts';
import { openForeignVrchat, skipWithoutLiblo as skip } from './testing/foreign-vrchat.ts';
import { reply } from './testing/reply-sentence.ts';
import { waitUntil } from './testing/wait-until.ts';

async function startPeer(t: TestContext) {
  const [sendPort, receivePort] = [await freePort(), await freePort()];
  const vrchat = openForeignVrchat(sendPort, receivePort);
  t.after(vrchat.close);
  return { vrchat, sendPort, receivePort };
}

async function start(t: TestContext, more = '') {
  const { vrchat, sendPort, receivePort } = await startPeer(t);
  const context = createFakeContext('osc-bridge', { yaml: bridgeYaml({ sendPort, receivePort }, more) });
  const parts = await compose(context);
  const client = await openActClient(parts);
  t.after(async () => {
    await client.close();
    await parts.stop();
  });
  await waitUntil('the first question', () =>
    vrchat.heard().some(({ said }) => said.startsWith('/avatar/parameters/UnderstudyProbe')),
  );
  return { context, client, vrchat };
}

test('liblo hears what is said with the tags of VRChat, and the bridge learns what liblo sends', {
  skip,
}, async (t) => {
  const { context, client, vrchat } = await start(t);
  const { send, hears } = vrchat;
  await send('/avatar/change', 's', 'avtr_foreign');
  await send('/avatar/parameters/Emotion', 'i', '0');
  await send('/avatar/parameters/Mood', 'f', '0.25');
  await send('/avatar/parameters/Happy', 'F');
  await waitUntil('VRChat is heard', () => context.observed().act?.level !== 'off');
  await context.bus.deliver('reply', reply('turn-0001', 0, 'Hello Aki', { emotion: 'happy', final: true }));
  await hears('/chatbox/input sTF "Hello Aki" #T #F');
  await hears('/chatbox/typing F #F');
  await hears('/avatar/parameters/Emotion i 1');
  await hears('/avatar/parameters/Mood f 1.000000');
  await hears('/avatar/parameters/Happy T #T');
  assert.equal((await client.act({ input: 'Vertical', value: 0.5, durationMs: 200 })).statusCode, 200);
  assert.equal((await client.act({ input: 'Jump', value: 1, durationMs: 200 })).statusCode, 200);
  for (const said of ['/input/Vertical f 0.500000', '/input/Vertical f 0.000000', '/input/Jump i 1', '/input/Jump i 0'])
    await hears(said);
  assert.deepEqual((await client.act({ expression: 'sad' })).json(), { expression: 'sad' });
  await hears('/avatar/parameters/Emotion i 2');
});

test('what is refused is said in a sentence', async (t) => {
  const context = createFakeContext('osc-bridge', {
    yaml: bridgeYaml({ sendPort: await freePort(), receivePort: await freePort() }),
  });
  const parts = await compose(context);
  const client = await openActClient(parts);
  t.after(async () => {
    await client.close();
    await parts.stop();
  });
  const inputs = /^body\/input must be one of Vertical, Horizontal, .*, Jump, .*QuickMenuToggleRight$/;
  const cases: readonly (readonly [body: unknown, message: RegExp | string])[] = [
    [{}, "body must have 'input' or 'expression'"],
    [[], 'body must be object'],
    [{ input: 'Jump' }, "body must have 'value'"],
    [{ input: 'Vertcal', value: 0.5 }, inputs],
    [{ input: 'Voice', value: 1 }, inputs],
    [{ input: 'Vertical', value: 2 }, 'body/value must be <= 1'],
    [{ input: 'Vertical', value: 'far' }, 'body/value must be number'],
    [{ input: 'Jump', value: 0.5 }, 'Jump is a button: it takes 0 or 1'],
    [{ input: 'Jump', value: 1, durationMs: 0 }, 'body/durationMs must be >= 1'],
    [{ input: 'Jump', value: 1, duration: 5 }, "body takes no 'duration'"],
    [{ expression: '' }, 'body/expression must NOT have fewer than 1 characters'],
    [
      { expression: 'wink' },
      "vrchat.expressions has no 'wink'; it has happy, sad, neutral, wave, clap, point, cheer, dance",
    ],
  ];
  for (const [body, expected] of cases) {
    const { statusCode, message } = (await client.act(body)).json();
    assert.equal(statusCode, 400, JSON.stringify(body));
    if (typeof expected === 'string') assert.equal(message, expected);
    else assert.match(message, expected);
  }
  const { vrchat, ...rest } = context.config();
  context.setConfig({ ...rest, vrchat: { ...vrchat, expressions: {} } });
  assert.equal(
    (await client.act({ expression: 'wave' })).json().message,
    "vrchat.expressions has no 'wave'; it has none",
  );
});

/** Signs of Japanese on one line, as others measured it: no line of VRChat's chatbox is longer. */
const JAPANESE_A_LINE = 15;

test('liblo reads every character of a long text: none is cut in two, no page is longer than VRChat shows', {
  skip,
}, async (t) => {
  const { context, vrchat } = await start(t, '  chatbox: { replace_after_ms: 1500 }');
  const keepAlive = setInterval(() => void vrchat.send('/avatar/parameters/Viseme', 'i', '1'), 1000);
  t.after(() => clearInterval(keepAlive));
  const japanese = '今日は朝からずっと湖の上の雲を数えていました。どれもこれも、少しだけあなたに似ていました。'.repeat(
    4,
  );
  const emoji = '👩‍👩‍👧🎭'.repeat(20);
  const lines = Array.from({ length: 12 }, (_, index) => `第${index}行`).join('\n');
  const all = [japanese, emoji, lines];
  for (const [seq, text] of all.entries())
    await context.bus.deliver('reply', reply('turn-0001', seq, text, { final: seq === all.length - 1 }));
  // A page may grow into a longer one before it is replaced.
  const pages = () => vrchat.pages().filter((page, at, every) => !every[at + 1]?.startsWith(page));
  const together = () => pages().join('').replace(/\s/g, '');
  await waitUntil('the last line', () => together().endsWith('第11行'));
  assert.equal(together(), all.join('').replace(/\s/g, ''));
  for (const page of vrchat.pages()) {
    assert.ok(page.length <= 144, `${page.length} UTF-16 units: ${page}`);
    const rows = page
      .split('\n')
      .reduce((sum, line) => sum + Math.max(1, Math.ceil([...line].length / JAPANESE_A_LINE)), 0);
    assert.ok(rows <= 9, `${rows} rows: ${page}`);
    assert.doesNotMatch(page, /\ufffd|^\u200d|\u200d$/);
  }
  const times = vrchat.heard().flatMap(({ at, said }) => (said.startsWith('/chatbox/input') ? [at] : []));
  // The first may have waited at liblo as long as one pause.
  const [first = 0] = times;
  assert.ok((times.at(-1) ?? 0) - first >= 1.5 * (times.length - 2), `${times.length} pages at ${times}`);
});

test('nothing is said to a VRChat that is away, and nothing of it when it is back', { skip }, async (t) => {
  const { context, vrchat } = await start(t);
  await waitUntil('the loss', () => context.observed().act?.level === 'off');
  await context.bus.deliver('reply', reply('turn-0001', 0, 'Nobody reads this', { emotion: 'happy' }));
  const [loss, ...more] = context.errors;
  const told = { turnId: 'turn-0001', seq: 0, service: 'osc-bridge', result: 'failed', errorId: loss?.id };
  assert.deepEqual(
    { published: context.bus.published, more },
    {
      published: [
        {
          topic: 'delivery',
          message: {
            ...told,
            errorCode: 'OSC_CONNECTION_LOST',
            observed: { act: { level: 'off', by: 'no_echo' } },
          },
        },
      ],
      more: [],
    },
  );
  const before = vrchat.heard().length;
  await vrchat.send('/avatar/change', 's', 'avtr_foreign');
  await waitUntil('it is back', () => context.observed().act?.level !== 'off');
  await context.bus.deliver('reply', reply('turn-0002', 0, 'Welcome back', { final: true }));
  await vrchat.hears('/chatbox/input sTF "Welcome back" #T #F');
  await vrchat.hears('/chatbox/typing F #F', before);
  assert.deepEqual(vrchat.pages(), ['Welcome back']);
});

test('a bridge that is killed in mid-step: the next one releases, puts out, ends what was begun, and keeps the pace', {
  skip,
}, async (t) => {
  const { vrchat, sendPort, receivePort } = await startPeer(t);
  const folder = mkdtempSync(join(tmpdir(), 'understudy-mortal-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const bear = async () => {
    const program = new URL('./testing/mortal-bridge.fixture.ts', import.meta.url);
    const child = fork(program, [String(sendPort), String(receivePort), folder]);
    t.after(() => child.kill('SIGKILL'));
    await once(child, 'message');
    const tell = async (what: object): Promise<unknown> => {
      child.send(what);
      const [act] = await once(child, 'message');
      return act;
    };
    return { child, tell };
  };
  const first = await bear();
  await vrchat.send('/avatar/change', 's', 'avtr_foreign');
  // The tool may have taken so long that VRChat counted as lost; now it is heard.
  while ((await first.tell({})) === 'off') await new Promise((resolve) => setTimeout(resolve, 50));
  await first.tell({ say: 'And then' });
  await first.tell({ act: { input: 'Vertical', value: 1 } });
  await first.tell({ act: { expression: 'dance' } });
  for (const said of ['/chatbox/input sTF "And then" #T #F', '/chatbox/typing T #T', '/input/Vertical f 1.000000'])
    await vrchat.hears(said);
  await vrchat.hears('/avatar/parameters/VRCEmote i 5');
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');

  const died = vrchat.heard().length;
  const second = await bear();
  await second.tell({ say: 'Where was I?' });
  for (const said of ['/input/Vertical f 0.000000', '/chatbox/typing F #F', '/avatar/parameters/VRCEmote i 0'])
    await vrchat.hears(said, died);
  await vrchat.hears('/chatbox/input sTF "Where was I?" #T #F', died);
  const [one = 0, two = 0] = vrchat.heard().flatMap(({ at, said }) => (said.startsWith('/chatbox/input') ? [at] : []));
  assert.ok(two - one >= 1.5, `${two - one} s between two pages`);
});
