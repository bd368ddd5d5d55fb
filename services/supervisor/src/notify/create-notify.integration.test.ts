import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Incident } from '@understudy/shared/contracts';
import { systemClock } from '@understudy/shared/service';
import { createLogger } from '@understudy/shared/telemetry';
import { freePort, waitFor } from '@understudy/shared/testing';
import { createCountedMetrics } from '../testing/counted-metrics.ts';
import { T0 } from '../testing/error-events.ts';
import { openIncident } from '../testing/incidents.ts';
import { DEFAULTS } from '../testing/policies.ts';
import { createNotify, type Notify } from './create-notify.ts';
import { directNotice } from './notice.ts';

const quota = openIncident('LLM_QUOTA_EXHAUSTED');

describe('who tells', () => {
  let folder: string;
  let now: number;
  let incidents: Incident[];
  let counted: ReturnType<typeof createCountedMetrics>;
  let notify: Notify;

  const create = (alertmanagerUrl: string | undefined) => {
    notify = createNotify({
      config: () => DEFAULTS,
      alertmanagerUrl,
      dataFolder: join(folder, 'data'),
      logsFolder: join(folder, 'logs'),
      incidents: {
        open: () => incidents,
        list: () => incidents,
        get: (id) => incidents.find((incident) => incident.id === id),
      },
      limits: () => [],
      logger: createLogger({
        service: 'supervisor',
        version: 'test',
        level: 'INFO',
        console: 'off',
        sessionId: 'test',
      }),
      metrics: counted.metrics,
      clock: { ...systemClock, now: () => now },
      hands: {
        ask: () => assert.fail('no action is allowed'),
        reload: () => assert.fail('no action is allowed'),
        takeAction: () => false,
        append: () => assert.fail('no action is allowed'),
      },
      onError: assert.ifError,
    });
    notify.begin();
  };
  const told = () => notify.history.find({ limit: 9 }).map(({ kind, name, toldBy }) => `${kind} ${name} ${toldBy}`);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'notify-'));
    [now, incidents, counted] = [T0, [quota], createCountedMetrics()];
  });
  afterEach(async () => {
    await notify.stop();
    rmSync(folder, { recursive: true });
  });

  it('is the supervisor where no Alertmanager is configured', async () => {
    create(undefined);
    notify.notify(directNotice(quota, 'opened'));
    assert.deepEqual(told(), ['opened LLM_QUOTA_EXHAUSTED supervisor']);
    assert.deepEqual(await counted.lines('understudy_notices_total'), [
      'understudy_notices_total{channel="console",result="told"} 1',
      'understudy_notices_total{channel="log_file",result="told"} 1',
    ]);
  });

  it('is the supervisor, too, for what an Alertmanager out of reach did not take, and says so', async () => {
    create(`http://127.0.0.1:${await freePort()}`);
    const series = 'understudy_dependency_up{dependency="alertmanager"} 0';
    await waitFor(
      async () => (await counted.metrics.text()).includes('understudy_dependency_up{dependency="alertmanager"'),
      series,
    );
    notify.notify(directNotice(quota, 'opened'));
    assert.deepEqual(told(), [], 'for a moment it may come back');
    now += 31_000;
    await waitFor(() => told().length > 0, 'the supervisor to tell');
    notify.notify(directNotice(quota, 'degraded'));
    assert.deepEqual(told(), ['degraded LLM_QUOTA_EXHAUSTED supervisor', 'opened LLM_QUOTA_EXHAUSTED supervisor']);
  });

  it('a test without Alertmanager is told on the console, and says what is missing', async () => {
    create(undefined);
    const { ok, words } = await notify.test();
    assert.equal(ok, true);
    assert.match(words, /^No Alertmanager is configured/);
    assert.deepEqual(told(), ['firing NotifyTest supervisor']);
  });
});
