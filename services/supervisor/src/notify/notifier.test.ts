import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import type { Incident } from '@understudy/shared/contracts';
import { isoAt, T0 } from '../testing/error-events.ts';
import { openIncident } from '../testing/incidents.ts';
import { DEFAULTS } from '../testing/policies.ts';
import type { Notice, NoticeKind } from './notice.ts';
import { createNotifier, logFileChannel } from './notifier.ts';

const COOLDOWN_MS = DEFAULTS.alerts.critical_errors.cooldown * 1000;
const quota = openIncident('LLM_QUOTA_EXHAUSTED');
const notice = (kind: NoticeKind, own: Partial<Notice> = {}, incident: Incident = quota): Notice => ({
  kind,
  incident,
  key: `${incident.fingerprint}/${kind}`,
  policy: 'critical_errors',
  text: `it is ${kind}`,
  ...own,
});

let now: number;
let told: string[];
let errors: unknown[];
let alerts: typeof DEFAULTS.alerts;
let notify: (notice: Notice) => void;

beforeEach(() => {
  [now, told, errors, alerts] = [T0, [], [], DEFAULTS.alerts];
  const channel = (name: string) => (given: Notice, at: string) =>
    void told.push(`${name} ${given.kind} ${Date.parse(at) - T0}`);
  notify = createNotifier({
    alerts: () => alerts,
    channels: { console: channel('console'), log_file: channel('log_file') },
    now: () => now,
    onTold: () => {},
    onError: (error) => void errors.push(error),
  });
});

describe('the notifier', () => {
  it('tells on the channels of the policy', () => {
    notify(notice('opened'));
    notify(notice('opened', { policy: 'performance_degradation', key: 'other' }));
    notify(notice('opened', { policy: undefined, key: 'none' }));
    assert.deepEqual(told, ['console opened 0', 'log_file opened 0', 'console opened 0', 'console opened 0']);
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

  it('tells nothing of a policy that is switched off', () => {
    alerts = { ...alerts, critical_errors: { ...alerts.critical_errors, enabled: false } };
    notify(notice('opened'));
    assert.deepEqual(told, []);
  });

  it('goes on when a channel fails', () => {
    const heard: string[] = [];
    const broken = createNotifier({
      alerts: () => alerts,
      channels: {
        console: () => {
          throw new Error('no console');
        },
        log_file: ({ kind }) => void heard.push(kind),
      },
      now: () => now,
      onTold: () => {},
      onError: (error) => void errors.push(error),
    });
    broken(notice('opened'));
    assert.deepEqual([heard, errors.length], [['opened'], 1]);
  });
});

it('the log_file channel writes one JSON line a notice', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'notices-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const write = logFileChannel(join(folder, 'logs'));
  write(notice('opened'), isoAt(T0));
  write(notice('resolved', { policy: undefined }), isoAt(T0));
  const lines = readFileSync(join(folder, 'logs', 'notices.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  const same = { at: isoAt(T0), incident_id: quota.id, code: 'LLM_QUOTA_EXHAUSTED', severity: 'CRITICAL' };
  assert.deepEqual(lines, [
    { ...same, kind: 'opened', policy: 'critical_errors', text: 'it is opened' },
    { ...same, kind: 'resolved', policy: null, text: 'it is resolved' },
  ]);
});
