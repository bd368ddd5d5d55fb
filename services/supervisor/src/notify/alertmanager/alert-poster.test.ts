import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Incident } from '@understudy/shared/contracts';
import { isoAt, T0 } from '../../testing/error-events.ts';
import { openIncident } from '../../testing/incidents.ts';
import type { Alert } from './alert.ts';
import { alertOf } from './alert-of.ts';
import { type AlertPoster, AWAY_AFTER_MS, createAlertPoster } from './alert-poster.ts';
import type { HeldAlert } from './alertmanager-client.ts';

const quota = openIncident('LLM_QUOTA_EXHAUSTED');
const resolved: Incident = { ...quota, state: 'resolved', resolvedAt: isoAt(T0) };
const describeAlert = (incident: Incident) =>
  alertOf(incident, { limits: [], origin: 'http://127.0.0.1:8700', runbooks: 'http://127.0.0.1:8700/v1/runbooks' });

let now: number;
let incidents: Incident[];
let told: string[];
/** Alertmanager, made up: what it was given, what it holds from before, when it started; none when it is away. */
let given: Alert[];
let holds: HeldAlert[];
let startedAt: string | undefined;
let refuses: boolean;
let silenced: string[];
let tries: number;
let poster: AlertPoster;

const createPoster = () => {
  const reached = () => {
    tries += 1;
    if (startedAt === undefined) throw new Error('ECONNREFUSED');
  };
  poster = createAlertPoster({
    client: {
      async status() {
        reached();
        return { uptime: startedAt ?? '', config: { original: '' } };
      },
      async alerts() {
        reached();
        return holds;
      },
      async post(alerts) {
        reached();
        if (refuses) throw new Error('answered 400');
        given.push(...alerts);
      },
      silences: async () => [],
      async silence({ matchers }) {
        silenced.push(`silence ${matchers[0]?.name}=${matchers[0]?.value}`);
        return 'a-silence';
      },
      async expire(id) {
        silenced.push(`expire ${id}, ${given.length} given`);
      },
    },
    open: () => incidents.filter(({ state }) => state !== 'resolved'),
    list: () => incidents,
    find: (id) => incidents.find((incident) => incident.id === id),
    isEnabled: () => true,
    describe: describeAlert,
    now: () => now,
    random: () => 1,
    onPosted: (result, alerts) => void told.push(`${result} ${alerts}`),
    onReachable: (up) => void (told.at(-1) !== `up ${up}` && told.push(`up ${up}`)),
    onAway: (error) => void told.push(`away: ${error instanceof Error ? error.message : ''}`),
    onBack: () => void told.push('back'),
  });
};
const startPoster = () => {
  createPoster();
  poster.begin();
};
const after = async (ms: number) => {
  now += ms;
  await poster.wake();
};
const takeGiven = () =>
  given.splice(0).map(({ labels, endsAt }) => `${labels['alertname']} ${Date.parse(endsAt) > now ? 'open' : 'ended'}`);

beforeEach(() => {
  [now, incidents, told, given, holds, startedAt, refuses, silenced, tries] = [
    T0,
    [quota],
    [],
    [],
    [],
    'first',
    false,
    [],
    0,
  ];
});
afterEach(() => poster.stop());

describe('the poster', () => {
  it('posts what is open, once, and its end', async () => {
    startPoster();
    await after(0);
    await after(1000);
    assert.deepEqual(takeGiven(), ['LLM_QUOTA_EXHAUSTED open']);
    incidents = [resolved];
    await after(1000);
    await after(1000);
    assert.deepEqual(takeGiven(), ['LLM_QUOTA_EXHAUSTED ended']);
    assert.deepEqual(told, ['told 1', 'up true', 'told 1', 'up true']);
  });

  it('gives everything again to an Alertmanager that started anew: it had forgotten', async () => {
    startPoster();
    await after(0);
    takeGiven();
    startedAt = 'second';
    await after(9000);
    assert.deepEqual(takeGiven(), []);
    await after(1000);
    assert.deepEqual(takeGiven(), ['LLM_QUOTA_EXHAUSTED open']);
    assert.ok(!told.includes('told 2'), 'a repetition is no news');
  });

  it('asks, after a failure, whether another one is there now', async () => {
    startPoster();
    await after(0);
    takeGiven();
    [refuses, incidents] = [true, [quota, openIncident('OSC_PORT_IN_USE')]];
    await after(1000);
    [refuses, startedAt] = [false, 'second'];
    await after(1000);
    assert.deepEqual(takeGiven(), ['LLM_QUOTA_EXHAUSTED open', 'OSC_PORT_IN_USE open']);
  });

  it('ends what an earlier life opened and nobody knows, and what was resolved while nobody looked', async () => {
    const foreign = { ...describeAlert({ ...quota, id: 'of-another-life' }), endsAt: isoAt(T0 + 1e9), receivers: [] };
    holds = [foreign];
    incidents = [resolved];
    startPoster();
    await after(0);
    assert.deepEqual(takeGiven(), ['LLM_QUOTA_EXHAUSTED ended', 'LLM_QUOTA_EXHAUSTED ended']);
  });

  it('tries again with a growing pause while it is away, and posts then what holds then', async () => {
    startedAt = undefined;
    startPoster();
    await after(0);
    tries = 0;
    for (const pause of [1000, 2000, 4000]) {
      await after(pause - 1);
      const before = tries;
      await after(1);
      assert.deepEqual([before, tries], [0, 1], `after ${pause} ms`);
      tries = 0;
    }
    const lost = openIncident('OSC_PORT_IN_USE');
    incidents = [lost];
    startedAt = 'first';
    await after(8000);
    assert.deepEqual(takeGiven(), ['OSC_PORT_IN_USE open']);
    assert.deepEqual(told, ['up false', 'told 1', 'up true']);
  });

  it('silences what somebody acknowledged, and lifts that before it tells the end', async () => {
    startPoster();
    await after(0);
    incidents = [{ ...quota, acknowledged: true }];
    await after(1000);
    await after(1000);
    assert.deepEqual(silenced.splice(0), [`silence incident_id=${quota.id}`]);
    given = [];
    incidents = [{ ...resolved, acknowledged: true }];
    await after(1000);
    await after(1000);
    assert.deepEqual([silenced, takeGiven()], [['expire a-silence, 0 given'], ['LLM_QUOTA_EXHAUSTED ended']]);
  });

  it('is not the author any more when it has been away for half a minute, and is again when it is back', async () => {
    startedAt = undefined;
    startPoster();
    await after(0);
    await after(AWAY_AFTER_MS - 1);
    assert.deepEqual([poster.isAuthor(), poster.knows(quota.id)], [true, false]);
    await after(15_000);
    assert.equal(poster.isAuthor(), false);
    await after(15_000);
    startedAt = 'first';
    await after(15_000);
    assert.deepEqual([poster.isAuthor(), poster.knows(quota.id)], [true, true]);
    assert.deepEqual(told, ['up false', 'away: ECONNREFUSED', 'up false', 'told 1', 'up true', 'back']);
  });

  it('is away as well when it takes nothing', async () => {
    refuses = true;
    startPoster();
    for (const ms of [0, 10_000, 15_000, 15_000]) await after(ms);
    assert.equal(poster.isAuthor(), false);
    assert.ok(told.includes('failed 1') && told.includes('away: answered 400'), told.join(', '));
  });

  it('touches nothing before the incidents have been read: what is not known yet would be ended', async () => {
    holds = [{ ...describeAlert(quota), endsAt: isoAt(T0 + 1e9), receivers: [] }];
    incidents = [];
    createPoster();
    await after(0);
    assert.deepEqual([given, told], [[], []]);
  });

  it('waits for no time that comes only after the clock was set back', async () => {
    incidents = [quota];
    startPoster();
    await after(0);
    startedAt = 'another life';
    await after(-3_600_000);
    assert.equal(given.length, 2, 'the new Alertmanager is noticed');
    startedAt = undefined;
    await after(10_000);
    const before = tries;
    await after(-3_600_000);
    assert.equal(tries, before + 1);
    await after(AWAY_AFTER_MS);
    assert.match(told.join(), /away: ECONNREFUSED/);
  });
});
