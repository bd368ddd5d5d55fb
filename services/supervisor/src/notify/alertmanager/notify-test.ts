import { randomUUID } from 'node:crypto';
import type { NotifyTest, TestDelivery } from '@understudy/shared/contracts';
import type { Clock } from '@understudy/shared/service';
import type { Alert } from './alert.ts';
import type { AlertmanagerClient } from './alertmanager-client.ts';
import { expectDeliveries, judgeDeliveries, type RequestCounts, readRequestCounts } from './delivery-counts.ts';
import { tellDeliveries } from './notify-test-words.ts';
import type { Webhook } from './webhook-schema.ts';

export interface NotifyTestOptions {
  readonly client: Pick<AlertmanagerClient, 'status' | 'alerts' | 'post' | 'metrics'>;
  readonly clock: Clock;
  readonly runbooks: () => string;
}

/** Alertmanager routes what carries this label to every receiver. */
const TEST_LABEL = { test: 'true' };
const TEST_ID_LABEL = 'test_id';

/** Above Alertmanager's usual group_wait of 30 s. */
const LIMIT_MS = 45_000;
const POLL_MS = 500;
/** After each was tried at least once, a failed one may still succeed. */
const RETRY_TIME_MS = 5000;
/** Should the end not arrive, it ends by itself. */
const OPEN_FOR_MS = 600_000;

const iso = (ms: number) => new Date(ms).toISOString();

function testAlert(id: string, now: number, runbooks: string): Alert {
  return {
    labels: {
      alertname: 'NotifyTest',
      severity: 'info',
      service: 'supervisor',
      ...TEST_LABEL,
      [TEST_ID_LABEL]: id,
    },
    annotations: {
      summary: 'This is a test of Understudy\u2019s notices.',
      description: 'This is a test of Understudy\u2019s notices: nothing broke. Somebody ran `understudy notify-test`.',
      works: 'Everything.',
      done: 'Understudy sent this message.',
      remedy: 'Nothing: that you read it is what was to be shown.',
      runbook_url: `${runbooks}/incidents`,
    },
    startsAt: iso(now),
    endsAt: iso(now + OPEN_FOR_MS),
  };
}

/** Sends one notice to every receiver that Alertmanager has, and finds out what became of it. One test at a time. */
export function createNotifyTest({ client, clock, runbooks }: NotifyTestOptions) {
  let waitingFor: string | undefined;
  let cameBack = false;

  const watch = async (id: string, before: RequestCounts, startedAt: number): Promise<TestDelivery[]> => {
    const { config } = await client.status();
    let triedAt: number | undefined;
    for (;;) {
      const [held] = await client.alerts(`${TEST_ID_LABEL}="${id}"`);
      const expected = expectDeliveries(
        config.original,
        (held?.receivers ?? []).map(({ name }) => name),
      );
      const deliveries = judgeDeliveries(expected, before, readRequestCounts(await client.metrics()));
      const now = clock.now();
      if (held && deliveries.every(({ state }) => state === 'delivered')) return deliveries;
      const allTried = held && deliveries.every(({ state }) => state !== 'not_sent');
      triedAt = allTried ? (triedAt ?? now) : undefined;
      if (now - startedAt >= LIMIT_MS || (triedAt !== undefined && now - triedAt >= RETRY_TIME_MS)) return deliveries;
      await clock.sleep(POLL_MS);
    }
  };

  const send = async (): Promise<NotifyTest> => {
    const id = randomUUID();
    const startedAt = clock.now();
    const alert = testAlert(id, startedAt, runbooks());
    [waitingFor, cameBack] = [id, false];
    const before = readRequestCounts(await client.metrics());
    await client.post([alert]);
    const deliveries = await watch(id, before, startedAt);
    await client.post([{ ...alert, endsAt: iso(clock.now()) }]);
    const reached = deliveries.every(({ state }) => state === 'delivered');
    return { ok: cameBack && reached, words: tellDeliveries(deliveries, cameBack), deliveries };
  };

  return {
    /** The webhook that the test must lead to. */
    noteWebhook({ alerts }: Webhook): void {
      if (waitingFor !== undefined && alerts.some(({ labels }) => labels[TEST_ID_LABEL] === waitingFor))
        cameBack = true;
    },
    async run(): Promise<NotifyTest> {
      const failed = (words: string): NotifyTest => ({ ok: false, words, deliveries: [] });
      if (waitingFor !== undefined) return failed('Another test is under way; wait until it has ended.');
      try {
        return await send();
      } catch (error) {
        return failed(`${error instanceof Error ? error.message : String(error)}. Nothing was tested; is it running?`);
      } finally {
        waitingFor = undefined;
      }
    },
  };
}
export type NotifyTestRun = ReturnType<typeof createNotifyTest>;
