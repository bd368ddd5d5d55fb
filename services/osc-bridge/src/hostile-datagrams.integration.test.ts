import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeContext, freePort } from '@understudy/shared/testing';
import { startVrchat } from '@understudy/simulators';
import fc from 'fast-check';
import { compose } from './app.ts';
import { encodeMessage } from './osc/encode-message.ts';
import { bool, float, integer, message, type OscMessage, text } from './osc/osc-message.ts';
import { bridgeYaml } from './testing/bridge-config.ts';
import { openRawPeer } from './testing/raw-peer.ts';
import { reply } from './testing/reply-sentence.ts';
import { waitUntil } from './testing/wait-until.ts';

const bytes = (latin1: string): Buffer => Buffer.from(latin1, 'latin1');
const BUNDLE = '#bundle\0\0\0\0\0\0\0\0\x01';

/** What ends a program that uses node-osc as it comes (protocols.md, section 7), and what is near to it. */
const CASES: readonly (readonly [what: string, datagram: Buffer, reason: string])[] = [
  ['an empty datagram', Buffer.alloc(0), 'malformed'],
  ['text', bytes('not OSC at all'), 'malformed'],
  ['a message without type tags (node-osc#104)', bytes('/avatar/parameters/A\0\0\0\0'), 'malformed'],
  ['an argument that is cut off', bytes('/avatar/parameters/A\0\0\0\0,f\0\0'), 'malformed'],
  ['a type that node-osc cannot decode', bytes('/a\0\0,h\0\0\0\0\0\0\0\0\0\x01'), 'argument_type'],
  ['a blob of two gigabytes', bytes('/a\0\0,b\0\0\x7f\xff\xff\xff'), 'argument_type'],
  ['the address of an event that ends the process', bytes('error\0\0\0,s\0\0oops\0\0\0\0'), 'address'],
  ['NaN', bytes('/avatar/parameters/A\0\0\0\0,f\0\0\x7f\xc0\0\0'), 'argument_type'],
  ['a bundle whose element is larger than it', bytes(`${BUNDLE}\x7f\xff\xff\xff`), 'malformed'],
  ['a bundle whose element has less than no bytes', bytes(`${BUNDLE}\xff\xff\xff\xff`), 'malformed'],
  ['a stranger', encodeMessage(message('/composition/layers/1', float(1))), 'unknown_address'],
];

const argument = fc.oneof(
  fc
    .string()
    .filter((value) => !value.includes('\0'))
    .map(text),
  fc.boolean().map(bool),
  fc.integer().map(integer),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map(float),
);
const valid: fc.Arbitrary<OscMessage> = fc
  .tuple(
    fc.constantFrom('/avatar/parameters/Mood', '/avatar/change', '/tracking/head', '/elsewhere'),
    fc.array(argument, { maxLength: 3 }),
  )
  .map(([address, args]) => message(address, ...args));
const mutated = fc
  .tuple(valid, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.option(fc.nat()))
  .map(([original, changes, cutAt]) => {
    const datagram = Buffer.from(encodeMessage(original));
    for (const [at, value] of changes) datagram[at % datagram.length] = value;
    return cutAt === null ? datagram : datagram.subarray(0, cutAt % datagram.length);
  });
const datagram = fc.oneof(
  mutated,
  fc.uint8Array({ maxLength: 256 }).map((random) => Buffer.from(random)),
);

const BATCH = 100;
const BATCHES = 40;

test('whatever arrives is counted by reason, the process lives, and what is true in between is still heard', async (t) => {
  const receivePort = await freePort();
  const vrchat = await startVrchat({ receivePort: 0, sendTo: { host: '127.0.0.1', port: receivePort } });
  vrchat.setActivity('idle');
  const context = createFakeContext('osc-bridge', {
    yaml: bridgeYaml({ sendPort: vrchat.state().receivePort, receivePort }),
  });
  const parts = await compose(context);
  const peer = await openRawPeer();
  t.after(async () => {
    await peer.close();
    await parts.stop();
    await vrchat.close();
  });
  await waitUntil('the link is proven', () => context.observed().act?.level === 'full');
  const counted = async (name: string): Promise<number> => {
    const line = new RegExp(`^understudy_${name}[^}]*\\} (\\d+)`, 'm');
    return Number(line.exec(await context.metrics.text())?.[1] ?? 0);
  };
  const reasonCount = (reason: string) => counted(`bad_input_total\\{[^}]*reason="${reason}"`);
  const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    for (let polls = 0; !(await holds()); polls += 1) {
      if (polls > 600) throw new Error(`in vain: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  for (const [what, sent, reason] of CASES) {
    const before = await reasonCount(reason);
    await peer.send(sent, receivePort);
    await until(`${what} is counted as ${reason}`, async () => (await reasonCount(reason)) === before + 1);
  }
  const taken = async (): Promise<number> => {
    const lines = (await context.metrics.text()).matchAll(
      /^understudy_(?:bad_input_total\{[^}]*reason="(?!unknown_address|too_many_parameters)[^}]*|osc_messages_total\{[^}]*direction="in"[^}]*)\} (\d+)/gm,
    );
    return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
  };
  for (const batch of Array.from({ length: BATCHES }, (_, seed) => fc.sample(datagram, { numRuns: BATCH, seed }))) {
    const before = await taken();
    for (const hostile of batch) await peer.send(hostile, receivePort);
    await peer.send(encodeMessage(message('/avatar/parameters/UnderstudyAfter', bool(true))), receivePort);
    await until('each datagram of a batch is counted', async () => (await taken()) >= before + BATCH + 1);
  }
  await context.bus.deliver('reply', reply('turn-0001', 0, 'Still here.', { final: true }));
  await waitUntil('the sentence', () => vrchat.state().chatbox.text === 'Still here.');
  const unexpected = context.errors.filter(({ code }) => code === 'UNEXPECTED_ERROR');
  assert.deepEqual(
    { unexpected, broken: vrchat.state().violations.filter(({ rule }) => rule === 'osc_malformed') },
    {
      unexpected: [],
      broken: [],
    },
  );
});
