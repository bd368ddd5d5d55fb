import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Attempt, IncidentStep } from '@understudy/shared/contracts';
import { isoAt, T0 } from '../testing/error-events.ts';
import { openIncident } from '../testing/incidents.ts';
import { tellStory } from './incident-story.ts';

const at = isoAt(T0);
const attempt: Attempt = {
  attempt: 2,
  commandId: 'command-0001',
  label: 'switch:desk',
  strategy: 'device_fallback',
  commands: [{ service: 'audio-gateway', verb: 'switch-device', args: { device: 'desk' } }],
  probe: { what: 'input-frames', subject: 'desk' },
  startedAt: at,
};
const { probe: _probe, ...looked } = attempt;
const incident = openIncident('AUDIO_DEVICE_LOST', { subject: 'headset', message: 'no frames for 500 ms' });

it('tells every step in words that need no knowledge of the code', () => {
  const steps: IncidentStep[] = [
    { type: 'opened', at, incident, errorId: 'error-00001' },
    { type: 'decided', at, strategy: 'device_fallback', reason: 'AUDIO_DEVICE_ERROR is treated by device_fallback' },
    { type: 'attempt_started', at, attempt },
    {
      type: 'attempt_finished',
      at,
      durationMs: 1,
      attempt: { ...attempt, outcome: 'done', verified: true, detail: 'frames flow' },
    },
    {
      type: 'attempt_finished',
      at,
      durationMs: 1,
      attempt: { ...attempt, outcome: 'unreachable', verified: false, detail: 'nobody there' },
    },
    { type: 'attempt_started', at, attempt: { ...looked, label: 'list', commands: [] } },
    {
      type: 'attempt_finished',
      at,
      durationMs: 1,
      attempt: { ...looked, label: 'list', outcome: 'done', detail: '3 devices' },
    },
    { type: 'occurred', at, errorId: 'error-00002' },
    {
      type: 'joined',
      at,
      errorId: 'error-00003',
      fingerprint: 'audio-gateway/AUDIO_DEVICE_SILENT',
      code: 'AUDIO_DEVICE_SILENT',
      severity: 'ERROR',
      needsOperator: false,
    },
    { type: 'severity_raised', at, from: 'WARNING', to: 'ERROR' },
    { type: 'escalated', at, from: 'device_fallback', to: 'degraded', reason: 'no approved device works' },
    { type: 'degraded', at, by: 'text_only', verified: false, ceilings: {}, essential: false },
    { type: 'degraded', at, by: 'device:desk', verified: true, ceilings: {}, essential: false },
    { type: 'parked', at, until: at, reason: 'five starts' },
    { type: 'resumed', at, by: 'operator' },
    { type: 'noticed', at, channel: 'console', detail: 'told' },
    { type: 'acknowledged', at, by: 'operator' },
    { type: 'snapshot', at, incident },
    { type: 'resolved', at, reason: 'headset, the preferred device, works' },
    { type: 'reopened', at, errorId: 'error-00004' },
  ];
  assert.deepEqual(
    tellStory(steps).map(({ text }) => text),
    [
      'Detected AUDIO_DEVICE_LOST (ERROR): The audio device stopped delivering. no frames for 500 ms',
      'Decided: device_fallback, because AUDIO_DEVICE_ERROR is treated by device_fallback',
      'Attempt 2 (switch:desk): switch-device at audio-gateway, to be proved by probe input-frames desk',
      'Attempt 2 (switch:desk) done, proved by probe input-frames desk: frames flow',
      'Attempt 2 (switch:desk) unreachable, not proved by probe input-frames desk: nobody there',
      'Attempt 2 (list): a look',
      'Attempt 2 (list) done: 3 devices',
      'The same failure was reported again',
      'AUDIO_DEVICE_SILENT joined, another cause for the same',
      'Severity raised from WARNING to ERROR',
      'Escalated from device_fallback to degraded: no approved device works',
      'Goes on unverified by text_only',
      'Goes on verified by device:desk',
      `Parked until ${at}: five starts`,
      'Resumed by operator',
      'Told on console: told',
      'Acknowledged by operator',
      'Recorded again as a whole',
      'Verified and resolved: headset, the preferred device, works',
      'Came back: reopened',
    ],
  );
  assert.deepEqual(tellStory(steps)[0], { at, type: 'opened', text: tellStory(steps)[0]?.text });
});
