import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Incident, IncidentStep } from '@understudy/shared/contracts';
import { isoAt, T0 } from '../testing/error-events.ts';
import { joinIncident, openIncident } from '../testing/incidents.ts';
import { noticeOf } from './notice.ts';

const at = isoAt(T0);
const lost = openIncident('OSC_CONNECTION_LOST');
const opened: IncidentStep = { type: 'opened', at, incident: lost, errorId: 'error-00001' };
const degraded: IncidentStep = { type: 'degraded', at, by: 'no_act', verified: false, ceilings: {}, essential: false };

describe('noticeOf', () => {
  it('says what broke, how it is treated and what to do', () => {
    assert.deepEqual(noticeOf(lost, opened), {
      kind: 'opened',
      name: 'OSC_CONNECTION_LOST',
      severity: 'ERROR',
      incidentId: lost.id,
      toldBy: 'supervisor',
      key: 'osc-bridge/OSC_CONNECTION_LOST/opened/ERROR',
      thread: lost.id,
      policy: 'external_service_failure',
      text: 'OSC_CONNECTION_LOST at osc-bridge: VRChat gives no sign that it receives OSC. OSC Connection Error in a test Understudy recovers by reconnect_retry. What to do: Start VRChat; if it runs, switch OSC on (Action Menu > Options > OSC > Enabled). Understudy keeps looking for it.',
    });
  });

  const steps: [IncidentStep, Partial<Incident>, kind: string, end: string][] = [
    [degraded, { degradedBy: 'no_act' }, 'degraded', 'goes on by no_act.'],
    [{ type: 'reopened', at, errorId: 'error-00002' }, {}, 'reopened', 'came back.'],
    [{ type: 'resolved', at, reason: 'proved' }, {}, 'resolved', 'recovered, and a probe proved it.'],
  ];
  for (const [step, own, kind, begin] of steps) {
    it(`tells ${step.type}`, () => {
      const notice = noticeOf({ ...lost, ...own }, step);
      assert.equal(notice?.kind, kind);
      assert.ok(notice.text.startsWith(`OSC_CONNECTION_LOST at osc-bridge: ${begin}`), notice.text);
    });
  }

  it('tells a risen severity with the remedy of what pressed it', () => {
    const joined = joinIncident(openIncident('LLM_TIMEOUT'), 'LLM_BAD_KEY', { subject: 'backup' });
    const notice = noticeOf(joined, { type: 'severity_raised', at, from: 'WARNING', to: 'CRITICAL' });
    assert.equal(notice?.policy, 'critical_errors');
    assert.match(
      notice.text,
      /now CRITICAL: LLM_BAD_KEY backup: The model provider refuses the API key\. .* What to do: Put a valid key/,
    );
  });

  it('only records the rest', () => {
    assert.equal(noticeOf(lost, { type: 'occurred', at, errorId: 'error-00002' }), undefined);
    assert.equal(noticeOf({ ...lost, severity: 'INFO' }, opened), undefined);
  });

  it('keeps kinds of degradation apart, which are news each', () => {
    const keyOf = (degradedBy: string) => noticeOf({ ...lost, degradedBy }, degraded)?.key;
    assert.notEqual(keyOf('device:desk'), keyOf('text_only'));
  });
});
