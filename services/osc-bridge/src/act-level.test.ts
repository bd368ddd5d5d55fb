import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LevelBy } from '@understudy/shared/contracts';
import { type ActFacts, judgeAct } from './act-level.ts';
import { type Link, NEW_LINK } from './link/link.ts';

const connected: Link = { ...NEW_LINK, state: 'connected' };
const lost: Link = { ...NEW_LINK, state: 'lost', reason: 'no_answer', by: 'nothing' };
const facts = (
  change: Partial<Omit<ActFacts, 'view'>> & { link?: Link; stale?: boolean; unheard?: boolean; unproven?: boolean },
): ActFacts => ({
  isReceiving: change.isReceiving ?? true,
  canSend: change.canSend ?? true,
  view: {
    link: change.link ?? connected,
    stale: change.stale ?? false,
    unheard: change.unheard ?? false,
    unproven: change.unproven ?? false,
  },
});

const CASES: readonly [string, ActFacts, LevelBy][] = [
  ['all is well', facts({}), { level: 'full', by: 'vrchat' }],
  ['VRChat is lost', facts({ link: lost }), { level: 'off', by: 'no_echo' }],
  ['the port is taken', facts({ isReceiving: false }), { level: 'degraded', by: 'port_in_use' }],
  [
    'the port is taken and nothing else proves the link',
    facts({ isReceiving: false, link: lost }),
    { level: 'off', by: 'port_in_use' },
  ],
  ['nothing can be sent', facts({ canSend: false, link: lost }), { level: 'off', by: 'cannot_send' }],
  ['VRChat no longer applies', facts({ stale: true }), { level: 'degraded', by: 'parameters_stale' }],
  [
    'VRChat applies, but is not heard, and the last proof is a while ago',
    facts({ unheard: true, unproven: true }),
    { level: 'degraded', by: 'not_heard' },
  ],
  [
    'nothing can be heard, since the port is taken',
    facts({ isReceiving: false, unheard: true }),
    { level: 'degraded', by: 'port_in_use' },
  ],
  ['nothing proves the link', facts({ unproven: true }), { level: 'degraded', by: 'unproven' }],
];
for (const [what, given, expected] of CASES) test(what, () => assert.deepEqual(judgeAct(given), expected));
