import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SERVICE_NAMES } from '@understudy/shared/contracts';
import { waitFor } from '@understudy/shared/testing';
import { describeOnEngine, engine } from './on-engine.ts';
import { type ComposeStack, createStack, getJson, LIMIT_MS } from './stack.ts';

/** Ten seconds on a quiet machine with two cores; this one may be busy. */
const HEALTHY_WITHIN_S = 90;

/** The watchdog ends a process within seconds; on a busy machine its silence would be told first, and the block join it. */
const CONFIG = { health: { event_loop_blocked_ms: 1500, max_missed_heartbeats: 60, event_loop_late_ms: 60_000 } };

interface Targets {
  readonly data: {
    readonly activeTargets: readonly { readonly labels: Record<string, string>; readonly health: string }[];
  };
}
interface Rules {
  readonly data: {
    readonly groups: readonly { readonly rules: readonly { readonly name: string; readonly query: string }[] }[];
  };
}

describeOnEngine('docker compose up', () => {
  let stack: ComposeStack;
  before(async () => {
    stack = await createStack({ config: CONFIG });
    await stack.build();
  });
  after(() => stack.close());

  test('brings everything up healthy within its budget', async (t) => {
    const seconds = await stack.up();
    t.diagnostic(`${stack.parts.length} containers healthy after ${seconds.toFixed(1)} s`);
    if (engine.type === 'ready' && engine.unavailable.length > 0)
      t.diagnostic(`NOT TESTED, since their images are not at hand: ${engine.unavailable.join(', ')}`);
    assert.ok(seconds < HEALTHY_WITHIN_S, `${seconds} s`);
    await stack.waitForCalm();
  });

  test('the command line inside says HEALTHY', async () => {
    const { code, stdout } = await stack.understudy('status');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /HEALTHY/);
  });

  test('the bot answers', async () => {
    const { message, mode, errors } = await stack.ask('Hello, who are you?');
    assert.deepEqual({ mode, errors, isSaid: message.length > 0 }, { mode: 'full', errors: undefined, isSaid: true });
  });

  test('the simulated microphone is heard: sound crosses from container to container', async () => {
    const { code, stderr } = await stack.understudy('say', 'Can you hear me?');
    assert.equal(code, 0, stderr);
    await waitFor(
      async () => {
        const heard = await getJson<Record<string, readonly unknown[]>>(stack.url('simulators', '/heard'));
        return Object.values(heard).some((speech) => speech.length > 0);
      },
      'the bot to speak',
      LIMIT_MS,
    );
  });

  test('Prometheus reads every part of it', async () => {
    const wanted = [...SERVICE_NAMES, 'prometheus', 'alertmanager'].sort();
    await waitFor(
      async () => {
        const { data } = await getJson<Targets>(stack.url('prometheus', '/api/v1/targets'));
        const up = data.activeTargets.filter(({ health }) => health === 'up');
        const names = new Set(up.map(({ labels }) => labels['service'] ?? labels['job']));
        return wanted.every((name) => names.has(name));
      },
      `targets ${wanted.join(', ')} to be up`,
      LIMIT_MS,
    );
  });

  test('a secret that is added is a receiver after the next up, without a restart', async () => {
    const inUse = async (): Promise<string> => (await fetch(stack.url('alertmanager', '/api/v2/status'))).text();
    assert.doesNotMatch(await inUse(), /discord_configs/);
    const before = await stack.inspect<string>('alertmanager', '.State.StartedAt');
    writeFileSync(join(stack.files.folder, 'secrets', 'discord'), 'http://127.0.0.1:9/nobody');
    assert.equal((await stack.setup()).code, 0);
    await waitFor(async () => /discord_configs/.test(await inUse()), 'Alertmanager to have read it', LIMIT_MS);
    rmSync(join(stack.files.folder, 'secrets', 'discord'));
    assert.equal((await stack.setup()).code, 0);
    await waitFor(async () => !/discord_configs/.test(await inUse()), 'Alertmanager to have forgotten it', LIMIT_MS);
    assert.equal(await stack.inspect<string>('alertmanager', '.State.StartedAt'), before);
  });

  test('a reload changes the threshold of a rule in the Prometheus that runs', async () => {
    const query = async () => {
      const { data } = await getJson<Rules>(stack.url('prometheus', '/api/v1/rules'));
      return data.groups.flatMap(({ rules }) => rules).find(({ name }) => name === 'ServiceRestarting')?.query ?? '';
    };
    assert.match(await query(), /\[15m\]\) > 3\b/);
    stack.files.writeConfig({ ...CONFIG, rule_limits: { starts_in_15m: 7 } });
    const { code, stdout, stderr } = await stack.understudy('reload');
    assert.equal(code, 0, stdout + stderr);
    await waitFor(async () => /\[15m\]\) > 7\b/.test(await query()), 'the new threshold', LIMIT_MS);
  });

  test('a configuration that is wrong is refused by the reload, and all goes on', async () => {
    stack.files.writeConfigText('rule_limits: { starts_in_15m: many }\n');
    const { code, stdout, stderr } = await stack.understudy('reload');
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /understudy\.yaml:1: rule_limits\.starts_in_15m/);
    assert.equal((await stack.ask('Still there?')).mode, 'full');
    stack.files.writeConfig(CONFIG);
    assert.equal((await stack.understudy('reload')).code, 0);
  });

  test('notify-test reaches the operator by the real Alertmanager', async () => {
    const { code, stdout, stderr } = await stack.understudy('notify-test');
    assert.equal(code, 0, stdout + stderr);
    await stack.notices.waitFor('firing', { test: 'true' }, LIMIT_MS);
  });

  test('a blocked event loop is ended by the watchdog inside its container, and runs again', async () => {
    const startedAt = () => stack.inspect<string>('llm-service', '.State.StartedAt');
    const before = await startedAt();
    const fault = ['event_loop_blocked', '--service', 'llm-service', '--duration', '60s'];
    const { code, stdout, stderr } = await stack.understudy('inject', ...fault);
    assert.equal(code, 0, stdout + stderr);
    await waitFor(async () => (await startedAt()) !== before, 'the container to start again', LIMIT_MS);
    const { service } = await stack.waitForIncident(
      'EVENT_LOOP_BLOCKED',
      ({ state }) => state === 'resolved',
      'is resolved',
    );
    assert.equal(service, 'llm-service');
    await stack.waitForCalm();
  });
});
