import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LIMITS } from '@understudy/shared/contracts';
import { openIncident } from '../testing/incidents.ts';
import { tellOperator, tellStreamer } from './words.ts';

const lost = openIncident('OSC_CONNECTION_LOST', { message: 'no echo for 5 s' });

describe('words for the operator', () => {
  it('say when all is well, and when only the mode is not', () => {
    assert.equal(tellOperator('full', []), 'All is well.');
    assert.equal(tellOperator('no_avatar', []), 'No open incident; the bot runs as no_avatar.');
  });

  it('say what broke, what holds meanwhile and what to do', () => {
    assert.equal(
      tellOperator('no_avatar', [{ ...lost, degradedBy: 'no_act', remedy: 'Start VRChat.' }]),
      'OSC_CONNECTION_LOST at osc-bridge: VRChat gives no sign that it receives OSC. no echo for 5 s Meanwhile: no_act. What to do: Start VRChat.',
    );
  });

  it('put first what waits for a person, then what is worst', () => {
    const quota = openIncident('LLM_QUOTA_EXHAUSTED');
    const silent = openIncident('SERVICE_SILENT');
    assert.match(tellOperator('full', [lost, silent, quota]), /^LLM_QUOTA_EXHAUSTED .*\(2 more open\)$/);
    assert.match(tellOperator('full', [lost, silent]), /^SERVICE_SILENT .*\(1 more open\)$/);
  });
});

describe('words for the streamer', () => {
  it('are one line for every limit, that of the first', () => {
    for (const limit of LIMITS) assert.match(tellStreamer([limit]), /^[A-Z][^\n]{20,90}\.$/);
    assert.equal(tellStreamer(['text_only', 'no_avatar']), tellStreamer(['text_only']));
    assert.equal(tellStreamer([]), '');
  });
});
