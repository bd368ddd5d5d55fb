import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Incident } from '@understudy/shared/contracts';
import fc from 'fast-check';
import { isoAt, T0 } from '../../testing/error-events.ts';
import { openIncident } from '../../testing/incidents.ts';
import { identityOf } from './alert.ts';
import { alertOf } from './alert-of.ts';
import { HOLD_MS, NEVER, type Posted, planPosts } from './plan-posts.ts';

const DAY_MS = 86_400_000;
const lost = openIncident('OSC_CONNECTION_LOST');
const quota = openIncident('LLM_QUOTA_EXHAUSTED');

let posted: Map<string, Posted>;
let incidents: Incident[];
let enabled: boolean;

beforeEach(() => {
  [posted, incidents, enabled] = [new Map(), [], true];
});

const describeAlert = (incident: Incident) =>
  alertOf(incident, { limits: [], origin: 'http://127.0.0.1:8700', runbooks: 'http://127.0.0.1:8700/v1/runbooks' });
/** Plans, and lets Alertmanager take it. */
const post = (now: number) => {
  const plan = planPosts(posted, {
    open: incidents.filter(({ state }) => state !== 'resolved'),
    find: (id) => incidents.find((incident) => incident.id === id),
    isEnabled: () => enabled,
    describe: describeAlert,
    now,
  });
  for (const entry of plan) posted.set(identityOf(entry.alert), entry);
  return plan.map(({ alert: { labels, endsAt }, ended }) => {
    const when = ended ? `ended ${Date.parse(endsAt) - T0}` : `until ${Date.parse(endsAt) - T0 - DAY_MS}`;
    return `${labels['alertname']} ${labels['severity']} ${when}`;
  });
};
const resolve = (incident: Incident, at: number): Incident => ({
  ...incident,
  state: 'resolved',
  resolvedAt: isoAt(at),
});

describe('what Alertmanager is given', () => {
  it('is at once what waits for a person; the rest after it did not recover for a moment', () => {
    incidents = [lost, quota];
    assert.deepEqual(post(T0), ['LLM_QUOTA_EXHAUSTED critical until 0']);
    assert.deepEqual(post(T0 + HOLD_MS - 1), []);
    assert.deepEqual(post(T0 + HOLD_MS), [`OSC_CONNECTION_LOST error until ${HOLD_MS}`]);
  });

  it('is nothing of a recovery that was proved within that moment', () => {
    incidents = [lost];
    post(T0);
    incidents = [resolve(lost, T0 + HOLD_MS - 1)];
    assert.deepEqual(post(T0 + HOLD_MS), []);
  });

  it('is its end, with the time of the resolution', () => {
    incidents = [quota];
    post(T0);
    incidents = [resolve(quota, T0 + 700)];
    assert.deepEqual(post(T0 + 1000), ['LLM_QUOTA_EXHAUSTED critical ended 700']);
    assert.deepEqual(post(T0 + 2000), []);
  });

  it('is the same again only as a refresh, long before it would time out', () => {
    incidents = [quota];
    post(T0);
    assert.deepEqual(post(T0 + 299_999), []);
    assert.deepEqual(post(T0 + 300_000), ['LLM_QUOTA_EXHAUSTED critical until 300000']);
  });

  it('is new words of it soon, but not with every attempt', () => {
    incidents = [quota];
    post(T0);
    incidents = [{ ...quota, degradedBy: 'next_provider' }];
    assert.deepEqual(post(T0 + 1999), []);
    assert.deepEqual(post(T0 + 2000), ['LLM_QUOTA_EXHAUSTED critical until 2000']);
  });

  it('is, when the severity rises, the end of the old and the begin of the new in one post', () => {
    incidents = [lost];
    post(T0 + HOLD_MS);
    incidents = [{ ...lost, severity: 'CRITICAL' }];
    assert.deepEqual(post(T0 + 6000), [
      'OSC_CONNECTION_LOST error ended 6000',
      'OSC_CONNECTION_LOST critical until 6000',
    ]);
  });

  it('goes on when another cause joins, though the round begins anew', () => {
    incidents = [lost];
    post(T0 + HOLD_MS);
    incidents = [{ ...lost, currentSince: isoAt(T0 + 60_000) }];
    assert.deepEqual(post(T0 + 60_000), []);
    assert.equal(posted.values().next().value?.alert.startsAt, lost.currentSince);
  });

  it('begins again when it comes back', () => {
    incidents = [quota];
    post(T0);
    incidents = [resolve(quota, T0 + 1000)];
    post(T0 + 1000);
    incidents = [{ ...quota, regressed: true, currentSince: isoAt(T0 + 9000) }];
    assert.deepEqual(post(T0 + 9000), ['LLM_QUOTA_EXHAUSTED critical until 9000']);
    assert.equal(posted.values().next().value?.alert.startsAt, isoAt(T0 + 9000));
  });

  it('is nothing below a warning, and nothing of a policy that is switched off', () => {
    incidents = [{ ...lost, severity: 'INFO' }];
    assert.deepEqual(post(T0 + HOLD_MS), []);
    incidents = [quota];
    post(T0);
    enabled = false;
    assert.deepEqual(post(T0 + 5000), ['LLM_QUOTA_EXHAUSTED critical ended 5000']);
  });

  it('is, to one that forgot, everything again: what is open and what has ended', () => {
    incidents = [quota, lost];
    post(T0 + HOLD_MS);
    incidents = [quota, resolve(lost, T0 + 6000)];
    post(T0 + 6000);
    for (const [key, entry] of posted) posted.set(key, { ...entry, at: NEVER });
    assert.deepEqual(post(T0 + 7000).sort(), [
      'LLM_QUOTA_EXHAUSTED critical until 7000',
      'OSC_CONNECTION_LOST error ended 6000',
    ]);
    assert.deepEqual(post(T0 + 8000), []);
  });

  it('is the end of an alert whose incident nobody knows', () => {
    const alert = { ...describeAlert(quota), endsAt: isoAt(T0 + DAY_MS) };
    posted.set(identityOf(alert), { alert, at: NEVER, ended: false });
    assert.deepEqual(post(T0 + 10), ['LLM_QUOTA_EXHAUSTED critical ended 10']);
  });

  it('leaves, whatever happens in whatever order, exactly what is open as open', () => {
    const change = fc.record({
      index: fc.nat(3),
      to: fc.constantFrom('open', 'resolved', 'raised'),
      afterMs: fc.integer({ min: 1, max: 400_000 }),
    });
    const codes = ['OSC_CONNECTION_LOST', 'LLM_QUOTA_EXHAUSTED', 'CV_CHILD_CRASHED', 'AUDIO_DEVICE_LOST'];
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        posted = new Map();
        incidents = codes.map((code) => openIncident(code));
        let now = T0;
        for (const { index, to, afterMs } of changes) {
          now += afterMs;
          const incident = incidents[index] ?? quota;
          const next: Record<typeof to, Incident> = {
            open: { ...incident, state: 'open', currentSince: isoAt(now) },
            resolved: resolve(incident, now),
            raised: { ...incident, severity: 'CRITICAL' },
          };
          incidents = incidents.with(index, next[to]);
          post(now);
        }
        post(now + HOLD_MS);
        const open = [...posted.values()].filter(({ ended }) => !ended).map(({ alert }) => identityOf(alert));
        const wanted = incidents
          .filter(({ state }) => state !== 'resolved')
          .map((one) => identityOf(describeAlert(one)));
        assert.deepEqual(open.sort(), wanted.sort());
      }),
    );
  });
});
