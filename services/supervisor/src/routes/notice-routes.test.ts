import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { NoticeRecord, NotifyTest } from '@understudy/shared/contracts';
import { createHttpApp } from '@understudy/shared/service';
import type { FastifyInstance } from 'fastify';
import type { Webhook } from '../notify/alertmanager/webhook-schema.ts';
import type { NoticeFilter } from '../notify/notice-history.ts';
import { createCountedMetrics } from '../testing/counted-metrics.ts';
import { isoAt, T0 } from '../testing/error-events.ts';
import { noticeRoutes } from './notice-routes.ts';

const TOKEN = 'the-token';
const NOTICE: NoticeRecord = {
  at: isoAt(T0),
  kind: 'firing',
  state: 'firing',
  name: 'LLM_QUOTA_EXHAUSTED',
  severity: 'CRITICAL',
  policy: 'critical_errors',
  incidentId: 'incident-0001',
  text: 'The account is empty. What to do: Add credit.',
  channels: ['console', 'log_file'],
  toldBy: 'alertmanager',
  key: 'a key',
  thread: 'incident-0001',
};
const REPORT: NotifyTest = {
  ok: false,
  words: 'discord (discord): 0 of 1 delivered.',
  deliveries: [{ kind: 'discord', names: ['discord'], delivered: 0, failedAttempts: 2, state: 'failed' }],
};
const WEBHOOK = {
  version: '4',
  groupKey: '{}',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'resource_usage' },
      annotations: {},
      startsAt: isoAt(T0),
      fingerprint: 'abc',
    },
  ],
};

let app: FastifyInstance;
let taken: Webhook[];
let asked: NoticeFilter[];
let counted: ReturnType<typeof createCountedMetrics>;

beforeEach(async () => {
  [taken, asked, counted] = [[], [], createCountedMetrics()];
  app = await createHttpApp({
    service: 'supervisor',
    version: 'test',
    metrics: counted.metrics,
    rules: () => ({ allowedHosts: [], allowedOrigins: [], token: TOKEN }),
    notReady: () => undefined,
  });
  noticeRoutes(app, {
    takeWebhook: (webhook) => void taken.push(webhook),
    test: async () => REPORT,
    history: {
      find: (filter) => {
        asked.push(filter);
        return [NOTICE];
      },
    },
  });
});

const get = async (url: string) => {
  const { statusCode, body } = await app.inject({ url, headers: { host: '127.0.0.1' } });
  return { statusCode, body: JSON.parse(body) as Record<string, unknown> };
};
const post = async (url: string, payload: unknown, authorization = `Bearer ${TOKEN}`) => {
  const headers = { host: '127.0.0.1', 'content-type': 'application/json', authorization };
  const answer = await app.inject({ method: 'POST', url, headers, payload: JSON.stringify(payload) });
  return { statusCode: answer.statusCode, body: JSON.parse(answer.body) as Record<string, unknown> };
};

describe('POST /v1/alertmanager', () => {
  it('takes what Alertmanager sends', async () => {
    assert.deepEqual(await post('/v1/alertmanager', WEBHOOK), { statusCode: 200, body: { taken: 1 } });
    assert.deepEqual(taken, [WEBHOOK]);
  });

  it('takes a group of many, larger than what a service usually takes', async () => {
    const alerts = Array.from({ length: 900 }, () => ({ ...WEBHOOK.alerts[0], annotations: { a: 'x'.repeat(400) } }));
    assert.deepEqual(await post('/v1/alertmanager', { ...WEBHOOK, alerts }), { statusCode: 200, body: { taken: 900 } });
  });

  it('refuses, says why, and counts what is no webhook', async () => {
    const { statusCode, body } = await post('/v1/alertmanager', { ...WEBHOOK, alerts: [{ status: 'firing' }] });
    assert.deepEqual([statusCode, body['error']], [400, 'FST_ERR_VALIDATION']);
    assert.match(String(body['message']), /^body\/alerts\/0 must have /);
    assert.deepEqual(await counted.lines('understudy_bad_input_total'), [
      'understudy_bad_input_total{edge="http",reason="schema"} 1',
    ]);
    assert.deepEqual(taken, []);
  });

  for (const url of ['/v1/alertmanager', '/v1/notify-test']) {
    it(`POST ${url} wants the token`, async () => {
      assert.equal((await post(url, {}, 'Bearer the-tokem')).statusCode, 401);
      assert.deepEqual(taken, []);
    });
  }
});

describe('GET /v1/notices', () => {
  it('answers every field of a notice, to everybody', async () => {
    assert.deepEqual(await get('/v1/notices'), { statusCode: 200, body: { notices: [NOTICE] } });
    assert.deepEqual(asked, [{ limit: 100 }]);
  });

  it('asks for what is wanted, in UTC', async () => {
    await get('/v1/notices?limit=5&state=resolved&policy=critical_errors&since=2026-11-24T13:00:00%2B01:00');
    assert.deepEqual(asked, [
      { limit: 5, state: 'resolved', policy: 'critical_errors', since: '2026-11-24T12:00:00.000Z' },
    ]);
  });

  for (const query of ['limit=many', 'state=open', 'since=yesterday', 'colour=red']) {
    it(`refuses ?${query}`, async () => {
      assert.equal((await get(`/v1/notices?${query}`)).statusCode, 400);
      assert.deepEqual(asked, []);
    });
  }
});

it('POST /v1/notify-test answers what became of it', async () => {
  assert.deepEqual(await post('/v1/notify-test', {}), { statusCode: 200, body: REPORT });
});
