import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LevelBy } from '@understudy/shared/contracts';
import { ServiceError } from '@understudy/shared/errors';
import { createFakeContext } from '@understudy/shared/testing';
import { createOpenFailures } from '../open-failures.ts';
import { whyNotAct } from './why-not-act.ts';

const full: LevelBy = { level: 'full', by: 'vrchat' };
const off: LevelBy = { level: 'off', by: 'no_echo' };
const context = createFakeContext('osc-bridge');
const none = createOpenFailures((error) => context.reportError(error));
const lost = createOpenFailures((error) => context.reportError(error));
lost.begin(new ServiceError('OSC_CONNECTION_LOST', 'VRChat is not running; start VRChat'));

for (const [what, ceiling, observed, failures, expected] of [
  ['it can', full, full, none, undefined],
  ['it can, as far as it goes', full, { level: 'degraded', by: 'not_heard' }, none, undefined],
  ['VRChat is gone', full, off, lost, 'the avatar cannot act now (no_echo): VRChat is not running; start VRChat'],
  ['nothing has been reported yet', full, off, none, 'the avatar cannot act now (no_echo)'],
  [
    'the supervisor forbids it, whatever is broken',
    { level: 'off', by: 'essential_mode' },
    off,
    lost,
    'the supervisor does not let the avatar act now (essential_mode); `npx understudy status` says why',
  ],
] as const)
  test(what, () => assert.equal(whyNotAct(ceiling, observed, failures), expected));
