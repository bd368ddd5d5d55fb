import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { type NoticeKind, type NoticeRecord, noticeState } from '@understudy/shared/contracts';
import { isoAt, T0 } from '../testing/error-events.ts';
import { DEFAULTS } from '../testing/policies.ts';
import type { Notice } from './notice.ts';
import { createNotifier } from './notifier.ts';

const COOLDOWN_MS = DEFAULTS.alerts.critical_errors.cooldown * 1000;
const notice = (kind: NoticeKind, own: Partial<Notice> = {}): Notice => ({
  kind,
  name: 'LLM_QUOTA_EXHAUSTED',
  severity: 'CRITICAL',
  incidentId: 'incident-0001',
  text: `it is ${kind}`,
  toldBy: 'supervisor',
  key: `llm-service/LLM_QUOTA_EXHAUSTED/${kind}`,
  thread: 'incident-0001',
  policy: 'critical_errors',
  ...own,
});
const withoutPolicy = (kind: NoticeKind): Notice => {
  const { policy: _policy, ...rest } = notice(kind, { key: 'none' });
  return rest;
};

let now: number;
let told: string[];
let counted: string[];
let errors: unknown[];
let records: NoticeRecord[];
let alerts: typeof DEFAULTS.alerts;
let broken: boolean;

const createOne = () =>
  createNotifier({
    alerts: () => alerts,
    channels: {
      console: ({ kind, at }) => {
        if (broken) throw new Error('no console');
        told.push(`console ${kind} ${Date.parse(at) - T0}`);
      },
      log_file: ({ kind, at }) => void told.push(`log_file ${kind} ${Date.parse(at) - T0}`),
    },
    history: { records: () => records, add: (record) => void records.push(record) },
    now: () => now,
    count: (channel, result) => void counted.push(`${channel} ${result}`),
    onError: (error) => void errors.push(error),
  });
let notify: ReturnType<typeof createOne>;

beforeEach(() => {
  [now, told, counted, errors, records, alerts, broken] = [T0, [], [], [], [], DEFAULTS.alerts, false];
  notify = createOne();
});

describe('the notifier', () => {
  it('tells on the channels of the policy', () => {
    notify(notice('opened'));
    notify(notice('opened', { policy: 'performance_degradation', key: 'other' }));
    notify(withoutPolicy('opened'));
    assert.deepEqual(told, ['console opened 0', 'log_file opened 0', 'console opened 0', 'console opened 0']);
  });

  it('keeps what it told, whole', () => {
    notify(notice('opened'));
    assert.deepEqual(records, [
      {
        ...notice('opened'),
        at: isoAt(T0),
        state: noticeState('opened'),
        channels: ['console', 'log_file'],
      },
    ]);
  });

  it('throttles the same notice for the whole cooldown, over a day too', () => {
    const tellAfter = (ms: number) => {
      now = T0 + ms;
      told = [];
      notify(notice('opened'));
      return told.length > 0;
    };
    alerts = { ...alerts, critical_errors: { ...alerts.critical_errors, cooldown: 2 * 86_400 } };
    assert.equal(tellAfter(0), true);
    assert.equal(tellAfter(1000), false);
    // The user's first plan compared `.seconds`, which begins anew each day (failures.md, "Weak points of the plan").
    assert.equal(tellAfter(86_400_000 + 1000), false);
    assert.equal(tellAfter(2 * 86_400_000), true);
  });

  it('counts what was told and what was held back, by channel', () => {
    notify(notice('opened'));
    notify(notice('opened'));
    assert.deepEqual(counted, ['console told', 'log_file told', 'console throttled', 'log_file throttled']);
  });

  it('does not let one kind throttle another', () => {
    notify(notice('opened'));
    notify(notice('degraded'));
    assert.equal(told.length, 4);
  });

  it('tells a resolution once, at any time, when something was told before', () => {
    notify(notice('resolved'));
    assert.equal(told.length, 0);
    notify(notice('opened'));
    now += COOLDOWN_MS / 2;
    notify(notice('resolved'));
    notify(notice('resolved'));
    assert.deepEqual(
      told.filter((line) => line.startsWith('console')),
      ['console opened 0', 'console resolved 150000'],
    );
  });

  it('remembers over a restart what it told: the cooldown goes on, and the resolution is told', () => {
    notify(notice('opened'));
    now += COOLDOWN_MS - 1;
    notify = createOne();
    notify(notice('opened'));
    notify(notice('resolved'));
    assert.deepEqual(
      records.map(({ kind }) => kind),
      ['opened', 'resolved'],
    );
  });

  it('tells nothing of a policy that is switched off', () => {
    alerts = { ...alerts, critical_errors: { ...alerts.critical_errors, enabled: false } };
    notify(notice('opened'));
    assert.deepEqual(told, []);
  });

  it('goes on when a channel fails', () => {
    broken = true;
    notify(notice('opened'));
    assert.deepEqual([told, counted, errors.length], [['log_file opened 0'], ['console failed', 'log_file told'], 1]);
  });
});
