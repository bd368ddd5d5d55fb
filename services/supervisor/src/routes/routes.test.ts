import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import {
  type Attempt,
  createValidator,
  type Incident,
  type IncidentStep,
  type ServiceStatus,
  StatusSchema,
  type SupervisedService,
} from '@understudy/shared/contracts';
import { createHttpApp } from '@understudy/shared/service';
import type { FastifyInstance } from 'fastify';
import { createCapabilityBoard } from '../health/capability-board.ts';
import { createHeartbeatMonitor } from '../health/heartbeat-monitor.ts';
import type { OperatorActions } from '../operator-actions.ts';
import { createIncidentStore, type IncidentStore } from '../record/incident-store.ts';
import { isoAt, T0 } from '../testing/error-events.ts';
import { MB, makeHeartbeat } from '../testing/heartbeats.ts';
import { openIncident } from '../testing/incidents.ts';
import { createMemoryLog } from '../testing/memory-log.ts';
import { DEFAULTS } from '../testing/policies.ts';
import { actionRoutes } from './action-routes.ts';
import { incidentRoutes } from './incident-routes.ts';
import { statusRoute } from './status-route.ts';

const TOKEN = 'the-token';
const LATER = T0 + 60_000;
let app: FastifyInstance;
let store: IncidentStore;
let asked: string[];

beforeEach(async () => {
  asked = [];
  store = createIncidentStore(createMemoryLog(), () => T0);
  app = await createHttpApp({
    service: 'supervisor',
    version: 'test',
    rules: () => ({ allowedHosts: [], allowedOrigins: [], token: TOKEN }),
    notReady: () => undefined,
  });
});

const get = async (url: string) => {
  const { statusCode, body } = await app.inject({ url, headers: { host: '127.0.0.1' } });
  return { statusCode, body: JSON.parse(body) as Record<string, unknown> };
};
const post = async (
  url: string,
  body: unknown = {},
  headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` },
) => {
  const answer = await app.inject({
    method: 'POST',
    url,
    headers: { host: '127.0.0.1', 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(body),
  });
  return { statusCode: answer.statusCode, body: JSON.parse(answer.body) as Record<string, unknown> };
};
const put = async (incident: Incident, ...more: IncidentStep[]) =>
  store.append(incident.id, [
    { type: 'opened', at: incident.openedAt, incident, errorId: incident.errorIds[0] ?? '' },
    ...more,
  ]);

describe('GET /v1/incidents', () => {
  beforeEach(() => incidentRoutes(app, store));
  const list = async (query = '') => {
    const { body } = await get(`/v1/incidents${query}`);
    return (body['incidents'] as Incident[]).map(({ code }) => code);
  };

  it('lists them newest first, every field of them', async () => {
    const attempt: Attempt = {
      attempt: 1,
      commandId: 'command-0001',
      label: 'list',
      strategy: 'device_fallback',
      commands: [{ service: 'audio-gateway', verb: 'list-devices', args: {} }],
      startedAt: isoAt(T0),
      outcome: 'done',
      data: { devices: [{ id: 'headset' }] },
    };
    const first = await put(openIncident('AUDIO_DEVICE_LOST', { subject: 'headset' }), {
      type: 'attempt_started',
      at: isoAt(T0),
      attempt,
    });
    const second = await put(openIncident('CV_CHILD_CRASHED', {}, LATER), {
      type: 'degraded',
      at: isoAt(LATER),
      by: 'feature_off',
      verified: false,
      ceilings: { see: { level: 'off', by: 'feature_off' } },
      essential: false,
    });
    assert.deepEqual(await get('/v1/incidents'), { statusCode: 200, body: { incidents: [second, first] } });
  });

  it('filters by error, by state and by number', async () => {
    const open = await put(openIncident('OSC_CONNECTION_LOST', {}, T0 + 1));
    await put(openIncident('LLM_TIMEOUT'), { type: 'resolved', at: isoAt(T0), reason: 'proved' });
    assert.deepEqual(await list(), ['OSC_CONNECTION_LOST', 'LLM_TIMEOUT']);
    assert.deepEqual(await list('?state=resolved'), ['LLM_TIMEOUT']);
    assert.deepEqual(await list('?limit=1'), ['OSC_CONNECTION_LOST']);
    assert.deepEqual(await list(`?error=${open.errorIds[0]}`), ['OSC_CONNECTION_LOST']);
    assert.deepEqual(await list('?error=nobody'), []);
  });

  for (const query of ['state=broken', 'limit=many', 'colour=red', 'limit=-1']) {
    it(`refuses ?${query}`, async () => {
      const { statusCode, body } = await get(`/v1/incidents?${query}`);
      assert.deepEqual({ statusCode, error: body['error'] }, { statusCode: 400, error: 'FST_ERR_VALIDATION' });
    });
  }

  it('tells the whole story of one', async () => {
    const incident = await put(openIncident('LLM_TIMEOUT'), {
      type: 'resolved',
      at: isoAt(LATER),
      reason: 'it answers again',
    });
    assert.deepEqual(await get(`/v1/incidents/${incident.id}`), {
      statusCode: 200,
      body: {
        incident,
        story: [
          { at: isoAt(T0), type: 'opened', text: `Detected LLM_TIMEOUT (WARNING): ${incident.summary}` },
          { at: isoAt(LATER), type: 'resolved', text: 'Verified and resolved: it answers again' },
        ],
      },
    });
  });

  it('says where to look when there is no such incident', async () => {
    assert.deepEqual(await get('/v1/incidents/nobody'), {
      statusCode: 404,
      body: { statusCode: 404, error: 'NOT_FOUND', message: 'There is no incident nobody; see GET /v1/incidents' },
    });
  });
});

describe('GET /v1/status', () => {
  it('says health, mode, capabilities, services and words', async () => {
    const board = createCapabilityBoard();
    const monitor = createHeartbeatMonitor(
      () => ({ intervalMs: 1000, maxMissed: 3, startGraceMs: 10_000, maxStarts: 5, startPeriodMs: 60_000 }),
      T0,
    );
    monitor.note(makeHeartbeat(), T0);
    board.observe('llm-service', makeHeartbeat().observed);
    monitor.note(makeHeartbeat({ service: 'cv-service', state: 'parked' }), T0 + 19_000);
    monitor.check(T0 + 1000);
    for (let ms = 2000; ms <= 20_000; ms += 1000) monitor.check(T0 + ms);
    await put({ ...openIncident('LLM_QUOTA_EXHAUSTED'), degradedBy: 'next_provider' });
    statusRoute(app, {
      config: () => DEFAULTS,
      mode: () => board.solve(store.open(), T0),
      pulses: monitor.pulses,
      open: store.open,
      limits: () => ({ memoryShare: 0.8, eventLoopLateMs: 250 }),
      isConnected: () => true,
      startedAt: isoAt(T0 - 1000),
      now: () => LATER,
    });
    const { statusCode, body } = await get('/v1/status');
    assert.equal(statusCode, 200);
    const checked = createValidator(StatusSchema)(body);
    assert.ok(checked.ok, checked.ok ? '' : checked.reason);
    const { health, services, mode, incidents, words, bus } = checked.value;
    const address = (port: number) => `http://127.0.0.1:${port}`;
    const heard = { startedAt: isoAt(T0), memoryRssBytes: 100 * MB, eventLoopDelayP99Ms: 2 };
    const silent = { state: 'silent' as const, starts: 0, missedHeartbeats: 20 };
    const expected: ServiceStatus[] = [
      {
        name: 'supervisor',
        state: 'ready',
        address: address(8700),
        startedAt: isoAt(T0 - 1000),
        starts: 1,
        missedHeartbeats: 0,
      },
      {
        name: 'llm-service',
        state: 'silent',
        address: address(8703),
        starts: 1,
        missedHeartbeats: 20,
        lastHeartbeatAt: isoAt(T0),
        ...heard,
      },
      { name: 'osc-bridge', address: address(8702), ...silent },
      {
        name: 'cv-service',
        state: 'parked',
        address: address(8704),
        starts: 1,
        missedHeartbeats: 0,
        lastHeartbeatAt: isoAt(T0 + 19_000),
        ...heard,
      },
      { name: 'audio-gateway', address: address(8701), ...silent },
    ];
    assert.deepEqual(services, expected);
    assert.deepEqual(
      { health: health.overall_health, at: health.timestamp, mode, incidents, bus },
      {
        health: 'DEGRADED',
        at: isoAt(LATER),
        mode: 'text_only',
        incidents: { open: 1, needsOperator: 1 },
        bus: 'connected',
      },
    );
    assert.match(
      words.operator,
      /^LLM_QUOTA_EXHAUSTED at llm-service: .* Meanwhile: next_provider\. What to do: Add credit/,
    );
    assert.equal(words.streamer, 'Voice is off. The bot reads and writes in the chatbox.');
  });
});

describe('what changes the bot', () => {
  beforeEach(() => {
    const actions: OperatorActions = {
      async resume(service: SupervisedService) {
        asked.push(`resume ${service}`);
        return { ok: true, detail: 'resumed' };
      },
      async reload() {
        asked.push('reload');
        return { supervisor: { ok: true, detail: 'in use' }, 'llm-service': { ok: false, detail: 'line 3' } };
      },
      async acknowledge(id: string) {
        asked.push(`acknowledge ${id}`);
        return id === 'incident-1';
      },
    };
    actionRoutes(app, actions);
  });

  it('is done for who has the token', async () => {
    assert.deepEqual(await post('/v1/services/cv-service/resume'), {
      statusCode: 200,
      body: { ok: true, detail: 'resumed' },
    });
    assert.deepEqual(await post('/v1/reload'), {
      statusCode: 200,
      body: { supervisor: { ok: true, detail: 'in use' }, 'llm-service': { ok: false, detail: 'line 3' } },
    });
    assert.deepEqual(await post('/v1/incidents/incident-1/acknowledge'), {
      statusCode: 200,
      body: { acknowledged: 'incident-1' },
    });
    assert.deepEqual(asked, ['resume cv-service', 'reload', 'acknowledge incident-1']);
  });

  for (const url of ['/v1/services/cv-service/resume', '/v1/reload', '/v1/incidents/incident-1/acknowledge']) {
    it(`refuses POST ${url} without the token, with a wrong one, and from a page`, async () => {
      assert.equal((await post(url, {}, {})).statusCode, 401);
      assert.equal((await post(url, {}, { authorization: 'Bearer the-tokem' })).statusCode, 401);
      assert.equal(
        (await post(url, {}, { authorization: `Bearer ${TOKEN}`, origin: 'https://evil.example' })).statusCode,
        403,
      );
      assert.deepEqual(asked, []);
    });
  }

  it('says what is wrong with a request', async () => {
    assert.equal((await post('/v1/services/the-bot/resume')).statusCode, 400);
    assert.equal((await post('/v1/services/supervisor/resume')).statusCode, 400);
    assert.equal((await post('/v1/reload', { force: true })).statusCode, 400);
    assert.deepEqual(await post('/v1/incidents/nobody/acknowledge'), {
      statusCode: 404,
      body: { statusCode: 404, error: 'NOT_FOUND', message: 'There is no open incident nobody' },
    });
    assert.deepEqual(asked, ['acknowledge nobody']);
  });
});

it('every route is in the description that the supervisor serves', async () => {
  incidentRoutes(app, store);
  actionRoutes(app, {
    resume: async () => ({ ok: true, detail: '' }),
    reload: async () => ({}),
    acknowledge: async () => true,
  });
  const { body } = await get('/openapi.json');
  const paths = Object.keys(body['paths'] as object);
  for (const path of [
    '/v1/incidents',
    '/v1/incidents/{id}',
    '/v1/services/{service}/resume',
    '/v1/reload',
    '/v1/incidents/{id}/acknowledge',
  ]) {
    assert.ok(paths.includes(path), `${path} is missing in ${paths.join(', ')}`);
  }
});
