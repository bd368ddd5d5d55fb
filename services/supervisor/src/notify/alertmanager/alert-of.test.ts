import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Attempt, Incident } from '@understudy/shared/contracts';
import { isoAt, T0 } from '../../testing/error-events.ts';
import { openIncident } from '../../testing/incidents.ts';
import { tellStreamer } from '../words.ts';
import { alertOf } from './alert-of.ts';
import { tellDone, tellWorks } from './incident-words.ts';

const AROUND = { limits: [], origin: 'http://127.0.0.1:8700', runbooks: 'http://127.0.0.1:8700/v1/runbooks' } as const;
const lost = openIncident('AUDIO_DEVICE_LOST', { subject: 'headset-mic', message: 'no frames for 2 s' });
const attempt: Attempt = {
  attempt: 1,
  commandId: 'command-0001',
  label: 'switch:desk-mic',
  strategy: 'device_fallback',
  commands: [],
  startedAt: isoAt(T0),
};

describe('alertOf', () => {
  it('says what broke, what still works, what was done and what to do', () => {
    const degraded: Incident = {
      ...lost,
      state: 'degraded',
      degradedBy: 'device:desk-mic',
      attempts: [{ ...attempt, outcome: 'done', verified: true, detail: 'frames flow' }],
    };
    assert.deepEqual(alertOf(degraded, AROUND), {
      labels: {
        alertname: 'AUDIO_DEVICE_LOST',
        incident_id: lost.id,
        category: 'AUDIO_DEVICE_ERROR',
        severity: 'error',
        service: 'audio-gateway',
      },
      annotations: {
        summary: `AUDIO_DEVICE_LOST at audio-gateway (headset-mic): ${lost.summary}.`,
        works: 'The bot does all that it can do. Meanwhile desk-mic stands in.',
        done: '1 attempt by device_fallback; the last (switch:desk-mic): proved: frames flow.',
        remedy: lost.remedy,
        description: `${lost.summary}. What still works: The bot does all that it can do. Meanwhile desk-mic stands in. What Understudy did: 1 attempt by device_fallback; the last (switch:desk-mic): proved: frames flow. What to do: ${lost.remedy}`,
        runbook_url: 'http://127.0.0.1:8700/v1/runbooks/incidents',
      },
      startsAt: lost.currentSince,
      generatorURL: `http://127.0.0.1:8700/v1/incidents/${lost.id}`,
    });
  });

  it('has labels that nothing but the severity changes: they are its identity', () => {
    const { labels } = alertOf(lost, AROUND);
    const later: Incident = {
      ...lost,
      state: 'degraded',
      degradedBy: 'text_only',
      attempts: [attempt],
      acknowledged: true,
      regressed: true,
      needsOperator: true,
      occurrences: 7,
    };
    assert.deepEqual(alertOf(later, { ...AROUND, limits: ['text_only'] }).labels, labels);
    assert.deepEqual(alertOf({ ...later, severity: 'CRITICAL' }, AROUND).labels, {
      ...labels,
      severity: 'critical',
      policy: 'critical_errors',
    });
  });

  it('lets no secret leave the machine', () => {
    const { annotations } = alertOf({ ...lost, summary: 'refused Bearer abcdef0123456789' }, AROUND);
    assert.doesNotMatch(JSON.stringify(annotations), /abcdef0123456789/);
  });
});

describe('words of an incident', () => {
  it('say what still works: the mode’s line, and what stands in', () => {
    assert.equal(
      tellWorks({ ...lost, degradedBy: 'text_only' }, ['text_only']),
      'Voice is off. The bot reads and writes in the chatbox. Meanwhile it reads and writes.',
    );
    assert.equal(tellWorks({ ...lost, degradedBy: 'no_act' }, ['no_avatar']), tellStreamer(['no_avatar']));
    assert.equal(tellWorks({ ...lost, state: 'resolved' }, ['text_only']), 'Everything that this concerned.');
  });

  const done: [what: string, own: Partial<Incident>, words: string][] = [
    ['nothing yet', { attempts: [] }, 'It begins to recover by device_fallback.'],
    [
      'an attempt under way',
      { attempts: [attempt] },
      '1 attempt by device_fallback; the last (switch:desk-mic): under way.',
    ],
    [
      'attempts in vain',
      { attempts: [attempt, { ...attempt, outcome: 'failed', detail: 'no such device' }] },
      '2 attempts by device_fallback; the last (switch:desk-mic): failed: no such device.',
    ],
    [
      'an attempt that helped nothing',
      { attempts: [{ ...attempt, outcome: 'done', verified: false }] },
      '1 attempt by device_fallback; the last (switch:desk-mic): done, but not proved.',
    ],
    [
      'what only a person can do',
      { needsOperator: true },
      'It cannot mend this by itself. It keeps looking and returns to full by itself.',
    ],
    [
      'an end',
      { state: 'resolved', attempts: [attempt, { ...attempt, outcome: 'gone', verified: false }] },
      'What it was about is not configured any more.',
    ],
    ['a recovery', { state: 'resolved', attempts: [attempt] }, 'Recovered after 1 attempt, and a probe proved it.'],
  ];
  for (const [what, own, words] of done)
    it(`say what was done: ${what}`, () => assert.equal(tellDone({ ...lost, ...own }), words));
});
