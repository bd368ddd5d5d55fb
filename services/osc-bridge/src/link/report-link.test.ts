import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeContext } from '@understudy/shared/testing';
import { createOpenFailures } from '../open-failures.ts';
import { type Link, NEW_LINK } from './link.ts';
import type { LinkView } from './link-watch.ts';
import { unheardMessage } from './loss-message.ts';
import { linkEvent, reportLink } from './report-link.ts';

const FACTS = { target: '127.0.0.1:9000', receivePort: 9001, echoParameter: 'UnderstudyProbe', inContainer: false };
const view = (link: Link, more: Partial<LinkView> = {}): LinkView => ({
  link,
  stale: false,
  unheard: false,
  unproven: false,
  ...more,
});
const fresh = view(NEW_LINK);
const connected = view({ ...NEW_LINK, state: 'connected', heardAt: 1 });
const lost = view({ ...NEW_LINK, state: 'lost', reason: 'vrchat_gone', by: 'oscquery' });

test('what a change means', () => {
  assert.deepEqual(
    [linkEvent(fresh, lost), linkEvent(lost, connected), linkEvent(fresh, connected), linkEvent(connected, connected)],
    ['lost', 'back', 'first_sign', 'none'],
  );
});

test('a loss is reported once, and again after it has ended', () => {
  const context = createFakeContext('osc-bridge');
  const failures = createOpenFailures((error) => context.reportError(error));
  for (const seen of [connected, lost, lost, connected, lost]) reportLink(failures, seen, FACTS, true);
  assert.deepEqual(
    context.errors.map(({ code, subject, capability, context: facts }) => ({ code, subject, capability, facts })),
    Array.from({ length: 2 }, () => ({
      code: 'OSC_CONNECTION_LOST',
      subject: 'vrchat',
      capability: 'act',
      facts: { reason: 'vrchat_gone', knownBy: 'oscquery', ...FACTS },
    })),
  );
  assert.equal(failures.of('OSC_CONNECTION_LOST')?.id, context.errors[1]?.id);
});

test('without sockets a missing echo says nothing of VRChat', () => {
  const context = createFakeContext('osc-bridge');
  reportLink(
    createOpenFailures((error) => context.reportError(error)),
    lost,
    FACTS,
    false,
  );
  assert.deepEqual(context.errors, []);
});

test('VRChat that no longer applies is another failure, with its remedy', () => {
  const context = createFakeContext('osc-bridge');
  const failures = createOpenFailures((error) => context.reportError(error));
  const stale = view(connected.link, { stale: true });
  for (const seen of [stale, stale, connected]) reportLink(failures, seen, FACTS, true);
  assert.deepEqual(
    context.errors.map(({ code, message }) => ({ code, message })),
    [
      {
        code: 'OSC_PARAMETERS_STALE',
        message:
          'VRChat sends, but does not apply what 127.0.0.1:9000 is sent: UnderstudyProbe does not change; rejoin the world, or reset the OSC configuration in the Action Menu',
      },
    ],
  );
  assert.equal(failures.of('OSC_PARAMETERS_STALE'), undefined);
});

test('VRChat that is not heard is a failure of the port, unless the port is not open anyway', () => {
  const context = createFakeContext('osc-bridge');
  const failures = createOpenFailures((error) => context.reportError(error));
  const unheard = view(NEW_LINK, { unheard: true });
  reportLink(failures, unheard, FACTS, false);
  assert.deepEqual(context.errors, []);
  for (const seen of [unheard, unheard, connected]) reportLink(failures, seen, FACTS, true);
  assert.deepEqual(
    context.errors.map(({ code, subject, message }) => ({ code, subject, message })),
    [{ code: 'OSC_NOT_HEARD', subject: 'udp:9001', message: unheardMessage(FACTS) }],
  );
  assert.equal(failures.of('OSC_NOT_HEARD'), undefined);
});
