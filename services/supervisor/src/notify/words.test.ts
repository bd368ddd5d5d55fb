import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LIMITS } from '@understudy/shared/contracts';
import { T0 } from '../testing/error-events.ts';
import { joinIncident, openIncident } from '../testing/incidents.ts';
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
      'OSC_CONNECTION_LOST at osc-bridge: VRChat gives no sign that it receives OSC. no echo for 5 s. Meanwhile: no_act. What to do: Start VRChat.',
    );
  });

  it('put first what waits for a person, then what is worst', () => {
    const quota = openIncident('LLM_QUOTA_EXHAUSTED');
    const silent = openIncident('SERVICE_SILENT');
    assert.match(tellOperator('full', [lost, silent, quota]), /^LLM_QUOTA_EXHAUSTED .*\(2 more open\)$/);
    assert.match(tellOperator('full', [lost, silent]), /^SERVICE_SILENT .*\(1 more open\)$/);
  });

  it('put the cause before its consequence, whichever came first', () => {
    const output = openIncident('AUDIO_OUTPUT_LOST', { subject: 'speakers' });
    const server = openIncident('AUDIO_SERVER_LOST', { subject: 'pulse' }, T0 + 1000);
    for (const open of [
      [output, server],
      [server, output],
    ])
      assert.match(tellOperator('text_only', open), /^AUDIO_SERVER_LOST .*\(1 more open\)$/);
    // A silent service comes first by its severity alone, but not before what waits for a person.
    const key = openIncident('LLM_BAD_KEY', { subject: 'primary' });
    assert.match(
      tellOperator('full', [openIncident('SERVICE_SILENT', { service: 'llm-service' }), key]),
      /^LLM_BAD_KEY/,
    );
  });

  it('put the older of equals first, however often the other changes', () => {
    const later = openIncident('AUDIO_OUTPUT_LOST', { subject: 'speakers' }, T0 + 1000);
    for (const open of [
      [lost, later],
      [later, lost],
    ])
      assert.match(tellOperator('full', open), /^OSC_CONNECTION_LOST/);
  });

  it('rank an incident by what of it is not over', () => {
    const quota = openIncident('LLM_QUOTA_EXHAUSTED', { subject: 'primary' });
    const both = joinIncident(quota, 'LLM_TIMEOUT', { subject: 'backup', message: 'nothing in 8 s' });
    assert.match(tellOperator('full', [lost, both]), /^LLM_QUOTA_EXHAUSTED/);
    const paid = { ...both, root: { ...both.root, over: true } };
    assert.match(tellOperator('full', [paid, lost]), /^OSC_CONNECTION_LOST/);
  });
});

describe('words for the streamer', () => {
  it('are one line for every limit, that of the first', () => {
    for (const limit of LIMITS) assert.match(tellStreamer([limit]), /^[A-Z][^\n]{20,90}\.$/);
    assert.equal(tellStreamer(['text_only', 'no_avatar']), tellStreamer(['text_only']));
    assert.equal(tellStreamer([]), '');
  });
});
