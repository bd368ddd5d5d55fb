import assert from 'node:assert/strict';
import { afterEach, beforeEach, it } from 'node:test';
import { startNats, type TestNats, waitFor } from '@understudy/shared/testing';
import { type PlayedService, playService } from '../../testing/played-service.ts';
import { createSupervisorProcess, type SupervisorProcess } from '../../testing/supervisor-process.ts';

/** Generous: other work may have the processor. */
const LIMIT_MS = 60_000;
const SETTINGS = `
alert_actions: { rules: [{ alert: OscLinkQuiet, action: reconnect_vrchat }, { alert: OscLinkQuiet, action: recycle }] }
`;
const webhook = (alertname: string) => ({
  version: '4',
  alerts: [
    {
      status: 'firing',
      labels: { alertname, severity: 'warning' },
      annotations: {},
      startsAt: new Date().toISOString(),
      fingerprint: 'abc',
    },
  ],
});

let nats: TestNats;
let supervisor: SupervisorProcess;
let osc: PlayedService;

beforeEach(async () => {
  nats = await startNats();
  supervisor = await createSupervisorProcess(nats, {}, SETTINGS);
  await supervisor.start();
  osc = await playService(nats, 'osc-bridge');
});
afterEach(async () => {
  await osc.close();
  await supervisor.stop();
  await nats.stop();
});

it('an alert leads its owner to the action that is named for it, once in a cooldown, and to no other', async () => {
  for (const name of ['SomethingElse', 'OscLinkQuiet', 'OscLinkQuiet'])
    await supervisor.post('/v1/alertmanager', webhook(name));
  const count = (action: string, result: string) =>
    supervisor.metric(`understudy_alert_actions_total{action="${action}",result="${result}"`);
  await waitFor(async () => (await count('reconnect_vrchat', 'done')) === 1, 'the action to be counted', LIMIT_MS);
  assert.deepEqual(
    osc.did.map(({ verb, args }) => ({ verb, args })),
    [{ verb: 'reconnect', args: {} }],
  );
  assert.equal(await count('recycle', 'refused'), 1);
  const logged = supervisor.logLines().filter(({ message }) => message === 'Alert action');
  assert.deepEqual(
    logged.map(({ context }) => context),
    [
      {
        alert: 'OscLinkQuiet',
        action: 'recycle',
        result: 'refused',
        detail: 'the alert names no service; set `service` in its rule under alert_actions.rules',
      },
      {
        alert: 'OscLinkQuiet',
        action: 'reconnect_vrchat',
        result: 'done',
        detail: 'reconnect at osc-bridge: reconnect true',
      },
    ],
  );
});
