import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { ALERT_ACTIONS, type AlertActionRule } from '@understudy/shared/config';
import { COMMANDS, createValidator, type Incident } from '@understudy/shared/contracts';
import { T0 } from '../../testing/error-events.ts';
import { openIncident } from '../../testing/incidents.ts';
import type { WebhookAlert } from '../alertmanager/webhook-schema.ts';
import { createAlertActions } from './alert-actions.ts';
import { planAction } from './plan-action.ts';

const rule = (own: Partial<AlertActionRule> = {}): AlertActionRule => ({
  alert: 'resource_usage',
  action: 'shed_caches',
  cooldown_s: 600,
  ...own,
});
const alert = (labels: Record<string, string> = {}, status: WebhookAlert['status'] = 'firing'): WebhookAlert => ({
  status,
  labels: { alertname: 'resource_usage', service: 'llm-service', ...labels },
  annotations: {},
  startsAt: new Date(T0).toISOString(),
  fingerprint: 'abc',
});

let now: number;
let asked: string[];
let counted: string[];
let noted: string[];
let logged: unknown[];
let errors: unknown[];
let rules: AlertActionRule[];
let state: { open: Incident[]; dryRun: boolean; budget: number };
let answer: () => Promise<{ outcome: string; detail: string }>;
let take: (webhook: { alerts: WebhookAlert[] }) => void;

beforeEach(() => {
  [now, asked, counted, noted, logged, errors] = [T0, [], [], [], [], []];
  state = { open: [], dryRun: false, budget: 9 };
  rules = [rule()];
  answer = async () => ({ outcome: 'done', detail: 'given back' });
  const log = (_message: string, fields: unknown) => void logged.push(fields);
  take = createAlertActions({
    settings: () => ({ dry_run: state.dryRun, rules }),
    commandTimeoutMs: () => 4000,
    open: () => state.open,
    now: () => now,
    ask: (service, { verb, args, deadlineMs }) => {
      asked.push(`${verb} ${service} ${JSON.stringify(args)} ${deadlineMs}`);
      return answer();
    },
    reload: async () => {
      asked.push('reload');
      return { supervisor: { ok: true, detail: 'in use' }, 'cv-service': { ok: false, detail: 'line 3' } };
    },
    takeAction: () => {
      state.budget -= 1;
      return state.budget >= 0;
    },
    append: async (id, [step]) => void noted.push(`${id} ${step?.type === 'noticed' ? step.detail : ''}`),
    count: (action, result) => void counted.push(`${action} ${result}`),
    logger: { info: log, warning: log },
    onError: (error) => void errors.push(error),
  });
});
const settle = () => new Promise((resolve) => setImmediate(resolve));
const takeOne = async (...alerts: WebhookAlert[]) => {
  take({ alerts });
  await settle();
};

describe('what a rule means', () => {
  it('is always a command that its owner knows, with arguments that it takes', () => {
    for (const action of ALERT_ACTIONS) {
      const planned = planAction({ action }, 'llm-service');
      if (planned.type === 'reload') continue;
      assert.equal(planned.type, 'command');
      const { service, verb, args } = planned.type === 'command' ? planned.command : assert.fail();
      const schema = Object.entries(COMMANDS[service]).find(([name]) => name === verb)?.[1] ?? assert.fail(verb);
      assert.deepEqual(createValidator(schema)(args), { ok: true, value: args });
    }
  });

  it('goes to the service of the rule, before that of the alert', () => {
    const planned = planAction({ action: 'recycle', service: 'cv-service' }, 'llm-service');
    assert.deepEqual(planned, { type: 'command', command: { service: 'cv-service', verb: 'recycle', args: {} } });
  });
});

describe('an alert that fires', () => {
  it('leads to the action that is named for it, logged and counted', async () => {
    await takeOne(alert());
    assert.deepEqual(asked, ['shed llm-service {"what":"caches"} 4000']);
    assert.deepEqual(counted, ['shed_caches done']);
    assert.deepEqual(logged, [
      {
        context: {
          alert: 'resource_usage',
          action: 'shed_caches',
          result: 'done',
          detail: 'shed at llm-service: given back',
        },
      },
    ]);
  });

  it('leads to nothing when it is not named, or when it is over', async () => {
    await takeOne(alert({ alertname: 'critical_errors' }), alert({}, 'resolved'));
    rules = [];
    await takeOne(alert());
    assert.deepEqual([asked, counted], [[], []]);
  });

  it('does the same once in a cooldown, however often it is told', async () => {
    await takeOne(alert(), alert());
    now += 599_999;
    await takeOne(alert());
    assert.equal(asked.length, 1);
    now += 1;
    await takeOne(alert());
    assert.equal(asked.length, 2);
  });

  it('does one for each service', async () => {
    await takeOne(alert(), alert({ service: 'cv-service' }));
    assert.deepEqual(counted, ['shed_caches done', 'shed_caches done']);
  });

  it('is part of the story where it is an incident', async () => {
    const incident = openIncident('OSC_CONNECTION_LOST');
    state.open = [{ ...incident, state: 'degraded' }];
    rules = [rule({ alert: 'OSC_CONNECTION_LOST', action: 'reconnect_vrchat' })];
    await takeOne(alert({ alertname: 'OSC_CONNECTION_LOST', incident_id: incident.id }));
    assert.deepEqual(noted, [`${incident.id} reconnect_vrchat done: reconnect at osc-bridge: given back`]);
  });

  const refusals: [why: string, arrange: () => void, detail: RegExp][] = [
    ['in a dry run', () => Object.assign(state, { dryRun: true }), /dry_run is on: nothing was done/],
    ['when the budget is spent', () => Object.assign(state, { budget: 0 }), /actions_per_hour is spent/],
    [
      'while its service is being recovered',
      () => Object.assign(state, { open: [{ ...openIncident('LLM_TIMEOUT'), state: 'recovering' }] }),
      /LLM_TIMEOUT at llm-service is being recovered/,
    ],
  ];
  for (const [why, arrange, detail] of refusals) {
    it(`is refused ${why}`, async () => {
      arrange();
      await takeOne(alert());
      assert.deepEqual([asked, counted], [[], ['shed_caches refused']]);
      assert.match(JSON.stringify(logged), detail);
    });
  }

  it('is refused where nobody is named to do it', async () => {
    await takeOne(alert({ service: 'grafana' }));
    assert.deepEqual([asked, counted], [[], ['shed_caches refused']]);
    assert.match(JSON.stringify(logged), /set `service` in its rule/);
  });

  it('tells what failed', async () => {
    answer = async () => ({ outcome: 'unreachable', detail: 'no answer' });
    await takeOne(alert());
    rules = [rule({ action: 'reload' })];
    await takeOne(alert());
    assert.deepEqual(counted, ['shed_caches failed', 'reload failed']);
  });

  it('never throws', async () => {
    answer = async () => {
      throw new Error('no bus');
    };
    await takeOne(alert());
    assert.equal(errors.length, 1);
  });
});
