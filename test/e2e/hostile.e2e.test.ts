import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { SERVICE_NAMES } from '@understudy/shared/contracts';
import { freePorts, waitFor } from '@understudy/shared/testing';
import { LIMIT_MS, type Stack, startStack } from './stack.ts';

const PLANTED_KEY = 'sk-planted-4f9b1c77d2e84a6f8f0e';
const VIEWERS_MAIL = 'anna.viewer@example.org';
const VIEWERS_ADDRESS = '203.0.113.77';
const DISK_NAMES = ['.log', '.jsonl', '.json', '.gz'];

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** As a page or a program would ask: `fetch` does not let Host and Origin be chosen. */
function ask(url: string, method: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const asking = request(url, { method, headers }, async (response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of response) chunks.push(chunk);
    } catch {
      // Cut off in the middle of a body that is too large: the status has said so.
    }
    resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
  });
  asking.on('error', reject);
  asking.end(body);
  return promise;
}

const JSON_TYPE = { 'content-type': 'application/json' };

describe('a hostile world', () => {
  let stack: Stack;
  before(async () => {
    const [dead] = await freePorts(1);
    const provider = (name: string) => ({ name, model: 'simulated', api_key_env: 'E2E_PLANTED_KEY' });
    process.env['E2E_PLANTED_KEY'] = PLANTED_KEY;
    // The first provider is not there, so that every turn reports a failure of it, key and input at hand.
    stack = await startStack(
      (ports) => ({
        llm: {
          providers: [
            { ...provider('gone'), base_url: `http://127.0.0.1:${dead}/v1` },
            { ...provider('there'), base_url: `http://127.0.0.1:${ports.simulators.llm_port}/primary/v1` },
          ],
        },
      }),
      { settle: false },
    );
  });
  after(() => stack.stop());

  const stillAnswers = async () => {
    const reply = await stack.input('Are you still there?');
    assert.notEqual(reply.source, 'pattern');
    assert.ok(reply.message.length > 0);
  };
  const refusals = (reason: string) =>
    Promise.all(
      SERVICE_NAMES.map((service) => stack.metric(service, 'understudy_bad_input_total', { edge: 'http', reason })),
    ).then((counts) => counts.reduce((sum, count) => sum + count, 0));

  test('a page in a browser gets nothing on any port: not by Origin, not by Host, not by a form', async () => {
    const parts = [...SERVICE_NAMES, 'starter'] as const;
    const before = {
      host: await refusals('host'),
      origin: await refusals('origin'),
      type: await refusals('content_type'),
    };
    for (const part of parts) {
      const url = stack.addressOf(part);
      const faults = `${url}/v1/faults`;
      const body = JSON.stringify({ fault: 'nats_down', durationMs: 1 });
      const statuses = await Promise.all([
        ask(`${url}/livez`, 'GET', {}),
        ask(`${url}/livez`, 'GET', { origin: 'https://evil.example' }),
        ask(`${url}/livez`, 'GET', { host: 'evil.example' }),
        ask(
          faults,
          'POST',
          { ...JSON_TYPE, origin: 'https://evil.example', authorization: `Bearer ${stack.token()}` },
          body,
        ),
        ask(
          faults,
          'POST',
          { ...JSON_TYPE, host: 'rebound.example:8700', authorization: `Bearer ${stack.token()}` },
          body,
        ),
        ask(faults, 'POST', { 'content-type': 'text/plain', authorization: `Bearer ${stack.token()}` }, body),
        ask(faults, 'POST', { 'content-type': 'application/x-www-form-urlencoded' }, 'fault=crash'),
        ask(faults, 'POST', JSON_TYPE, body),
        ask(faults, 'POST', { ...JSON_TYPE, authorization: 'Bearer wrong' }, body),
      ]);
      assert.deepEqual(
        statuses.map(({ status }) => status),
        [200, 403, 403, 403, 403, 415, 415, 401, 401],
        part,
      );
    }
    for (const port of ['control_port', 'llm_port'] as const) {
      const { status } = await ask(`http://127.0.0.1:${stack.ports.simulators[port]}/state`, 'GET', {
        origin: 'https://evil.example',
      });
      assert.ok(status >= 400, `${port} answered ${status}`);
    }
    assert.equal((await refusals('host')) - before.host, 2 * SERVICE_NAMES.length);
    assert.equal((await refusals('origin')) - before.origin, 2 * SERVICE_NAMES.length);
    assert.equal((await refusals('content_type')) - before.type, 2 * SERVICE_NAMES.length);
    await stillAnswers();
  });

  test('malformed, wrong and huge bodies: 400 or 413 with a reason, counted', async () => {
    const before = (await refusals('malformed')) + (await refusals('schema'));
    const bodies = [
      '',
      '{',
      'null',
      '[]',
      '{"text":""}',
      '{"text":7}',
      '{"text":"hi","admin":true}',
      `{"text":"${'x'.repeat(2001)}"}`,
    ];
    const huge = `{"text":"${'x'.repeat(5_000_000)}"}`;
    for (const service of ['audio-gateway', 'llm-service'] as const) {
      const url = `${stack.addressOf(service)}/v1/input`;
      for (const body of bodies) {
        const answer = await ask(url, 'POST', JSON_TYPE, body);
        assert.equal(answer.status, 400, `${body.slice(0, 40)}: ${answer.body}`);
        assert.ok(JSON.parse(answer.body).message.length > 0);
      }
      // The server may close before all of it is sent.
      const refused = await ask(url, 'POST', JSON_TYPE, huge).catch(() => ({ status: 413 }));
      assert.equal(refused.status, 413);
    }
    const after = (await refusals('malformed')) + (await refusals('schema'));
    assert.ok(after - before >= 2 * bodies.length, `${after - before} were counted`);
    await stillAnswers();
  });

  test('garbage on the UDP ports of OSC and audio is counted and does no harm', async () => {
    const socket = createSocket('udp4');
    const garbage = [
      Buffer.alloc(0),
      Buffer.from([0]),
      Buffer.alloc(1400, 0xff),
      Buffer.from('/avatar/parameters/x'),
      Buffer.from('#bundle\0'),
      Buffer.from('VBAN'),
      Buffer.concat([Buffer.from('VBAN'), Buffer.alloc(24, 0xff), Buffer.alloc(1000, 7)]),
    ];
    const counted = async () => [
      await stack.metric('osc-bridge', 'understudy_bad_input_total', { edge: 'osc' }),
      await stack.metric('audio-gateway', 'understudy_bad_input_total', { edge: 'vban' }),
    ];
    const [osc = 0, vban = 0] = await counted();
    for (let round = 0; round < 50; round += 1)
      for (const datagram of garbage)
        for (const port of [stack.ports.simulators.vrchat_send_port, stack.ports.vban])
          socket.send(datagram, port, '127.0.0.1');
    await waitFor(
      async () => {
        const [oscNow = 0, vbanNow = 0] = await counted();
        return oscNow > osc && vbanNow > vban;
      },
      'the garbage to be counted',
      LIMIT_MS,
    );
    socket.close();
    await stillAnswers();
    const { capabilities } = await stack.status();
    assert.deepEqual([capabilities.hear.observed.level, capabilities.act.observed.level], ['full', 'full']);
  });

  test('a key and what is personal never reach a file, a metric or an incident', async () => {
    await ask(
      `${stack.addressOf('audio-gateway')}/v1/input`,
      'POST',
      JSON_TYPE,
      `{"text":"my mail is ${VIEWERS_MAIL}"`,
    );
    await stack.input(`Write to ${VIEWERS_MAIL} or to ${VIEWERS_ADDRESS}, my key is ${PLANTED_KEY}`, {
      userId: VIEWERS_MAIL,
      sessionId: VIEWERS_ADDRESS,
    });
    await waitFor(
      async () => (await stack.incidents()).some(({ code }) => code === 'LLM_UNREACHABLE'),
      'the failure to be an incident',
      LIMIT_MS,
    );
    await stack.inject('llm_bad_key', { target: 'primary' });
    await stack.input(`Once more: ${VIEWERS_MAIL}, ${VIEWERS_ADDRESS}`, { userId: VIEWERS_MAIL });
    await stack.inject('crash', { service: 'llm-service', durationMs: 1 });
    // The crash reports itself before the end, the next process its predecessor's: one incident.
    await stack.waitForIncident('UNEXPECTED_ERROR', ({ state }) => state === 'resolved', 'is resolved');
    await stack.simulators.mend();

    const metrics = await Promise.all(SERVICE_NAMES.map((service) => stack.metricsText(service)));
    const stories = await Promise.all((await stack.incidents()).map(({ id }) => stack.incident(id)));
    const written = stack.filesWritten().filter((file) => DISK_NAMES.some((end) => file.endsWith(end)));
    assert.ok(written.some((file) => file.endsWith('llm-service.log')) && stories.length > 0);
    const places: [string, string][] = [
      ...metrics.map((text, index): [string, string] => [`/metrics of ${SERVICE_NAMES[index]}`, text]),
      ['the incidents', JSON.stringify(stories)],
      ['/v1/status', JSON.stringify(await stack.status())],
      ...written.map((file): [string, string] => [
        file,
        (file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file)).toString(),
      ]),
    ];
    for (const [place, text] of places)
      for (const secret of [PLANTED_KEY, VIEWERS_MAIL, VIEWERS_ADDRESS, stack.token()])
        assert.ok(!text.includes(secret), `${secret} is in ${place}: ${around(text, secret)}`);
  });

  test('a wrong configuration on reload: last known good, a notice that names the place, and the way back', async () => {
    const good = readFileSync(stack.configFile, 'utf8');
    const configurationIncidents = async () =>
      (await stack.client.incidents({})).filter(({ code }) => code === 'CONFIGURATION_INVALID').map(({ id }) => id);
    writeFileSync(stack.configFile, good.replace('"logging"', '"loging"'));
    const answer = await stack.client.reload();
    for (const [service, { ok, detail }] of Object.entries(answer)) {
      assert.equal(ok, false, service);
      assert.match(detail, /understudy\.yaml:\d+: .*loging/);
    }
    await stillAnswers();
    const { id } = await stack.waitForIncident(
      'CONFIGURATION_INVALID',
      ({ needsOperator, occurrences }) => needsOperator && occurrences === Object.keys(answer).length,
      'waits for the operator, and every service has joined it',
    );
    assert.deepEqual(await configurationIncidents(), [id], 'one cause is told once');
    writeFileSync(stack.configFile, good.slice(0, -2));
    for (const { detail } of Object.values(await stack.client.reload()))
      assert.match(detail, /understudy\.yaml:\d+:\d+: \/: not YAML: /);
    writeFileSync(stack.configFile, good);
    for (const { ok, detail } of Object.values(await stack.client.reload())) assert.ok(ok, detail);
    await stack.waitForIncident('CONFIGURATION_INVALID', ({ state }) => state === 'resolved', 'is resolved');
    assert.deepEqual(await configurationIncidents(), [id], 'all have taken the corrected one');
    assert.equal((await stack.incident(id)).incident.severity, 'CRITICAL');
  });
});

const around = (text: string, secret: string): string => {
  const at = text.indexOf(secret);
  return text.slice(Math.max(0, at - 200), at + secret.length + 100);
};
