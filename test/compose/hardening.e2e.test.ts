import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { SUPERVISED_SERVICES, subjectsOf } from '@understudy/shared/contracts';
import { askTheBus, LOOK_AROUND, PING_REDIS, signInAs } from './attack-scripts.ts';
import { FULL, publishedPorts, readComposeFile } from './compose-file.ts';
import { docker } from './docker.ts';
import { describeOnEngine } from './on-engine.ts';
import { type ComposeStack, startStack } from './stack.ts';

const subjects = subjectsOf('main');
const key = (owner: string) => `$JS.API.DIRECT.GET.KV_${subjects.bucket}.$KV.${subjects.bucket}.${owner}.observed`;

describeOnEngine('the stack from inside', () => {
  let stack: ComposeStack;
  before(async () => {
    stack = await startStack();
  });
  after(() => stack.close());

  for (const service of ['supervisor', ...SUPERVISED_SERVICES])
    test(`${service} can write nothing but its data, has no capability, and sees its own secrets only`, async () => {
      assert.deepEqual(JSON.parse(await stack.script(service, LOOK_AROUND)), {
        writes: {
          '/app/packages/shared/src/x': 'EROFS',
          '/etc/x': 'EROFS',
          '/usr/local/bin/x': 'EROFS',
          '/app/config/x': 'EROFS',
          '/app/secrets/x': 'EROFS',
        },
        uid: 1000,
        capabilities: [0, 0, 0],
        noNewPrivileges: '1',
        secrets: ['nats_password', 'redis_url', 'token'],
        seen: [],
        data: 'done',
      });
    });

  test('every container runs as a user without rights', async () => {
    for (const part of stack.parts) {
      const config = await stack.inspect<{ readonly User: string }>(part, '.Config');
      assert.equal(config.User, '1000:1000', part);
      const { stdout } = await stack.exec(part, ['cat', '/proc/self/status']);
      if (stdout !== '') assert.match(stdout, /^CapEff:\s+0+$/m, part);
    }
  });

  test("a service that was taken over reaches its own keys, and nobody else's", async () => {
    const NOBODY = 'nobody is there';
    const NO_STREAMS = 'JetStream not enabled for account';
    const expected = {
      [key('llm-service')]: 'answered',
      [key('osc-bridge')]: NOBODY,
      [subjects.error('osc-bridge')]: NOBODY,
      [subjects.command('osc-bridge', 'reconnect')]: NOBODY,
      [`$KV.${subjects.bucket}.supervisor.mode`]: NOBODY,
      [`$JS.API.STREAM.PURGE.${subjects.incidentStream}`]: NO_STREAMS,
      [`$JS.API.STREAM.DELETE.${subjects.errorStream}`]: NO_STREAMS,
      '$SYS.REQ.SERVER.PING.VARZ': NOBODY,
    };
    const answers = await stack.script('llm-service', askTheBus('llm-service', Object.keys(expected)));
    assert.deepEqual(JSON.parse(answers), expected);
  });

  test("its password opens no other service's door", async () => {
    const others = ['supervisor', 'osc-bridge', 'understudy'];
    const answers = JSON.parse(await stack.script('llm-service', signInAs(['llm-service', ...others])));
    assert.deepEqual(answers, {
      'llm-service': 'connected',
      ...Object.fromEntries(others.map((user) => [user, 'AuthorizationError'])),
    });
  });

  test('Redis says nothing without its password', async () => {
    assert.match(await stack.script('llm-service', PING_REDIS), /^-NOAUTH/);
  });

  test('what changes the bot needs the token', async () => {
    const response = await fetch(stack.url('supervisor', '/v1/reload'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    assert.equal(response.status, 401);
  });

  test('only what the file says is published, and on loopback alone', async () => {
    const published = publishedPorts(readComposeFile(FULL));
    for (const part of stack.parts) {
      const bindings = await stack.inspect<Record<string, { HostIp: string; HostPort: string }[] | null>>(
        part,
        '.NetworkSettings.Ports',
      );
      const bound = Object.entries(bindings).flatMap(([inside, hosts]) =>
        (hosts ?? []).map(({ HostIp }) => `${HostIp} ${inside}`),
      );
      const expected = published
        .filter(({ service }) => service === part)
        .map(({ address, inside, protocol }) => `${address} ${inside}/${protocol}`);
      assert.deepEqual(bound.sort(), expected.sort(), part);
    }
  });

  test("NATS' monitoring page, which asks no password, does not answer on this machine", async () => {
    await assert.rejects(open(8222), /ECONNREFUSED/);
    await open(stack.portOf('nats'));
  });

  test('no secret stands in the environment, the arguments or the labels of a container, or in an image', async () => {
    const { stdout } = await stack.exec('supervisor', ['cat', '/app/secrets/nats_password', '/app/secrets/token']);
    const { stdout: redisUrl } = await stack.exec('supervisor', ['cat', '/app/secrets/redis_url']);
    const redis = /:([^:@]+)@/.exec(redisUrl)?.[1] ?? '';
    const half = stdout.length / 2;
    const secrets = [stdout.slice(0, half), stdout.slice(half), redis];
    for (const secret of secrets) assert.ok(secret.length >= 16, `a secret of ${secret.length} characters`);
    const seen = await Promise.all(
      stack.parts.flatMap((part) => [
        docker(['inspect', stack.containerOf(part)]),
        stack
          .inspect<string>(part, '.Image')
          .then((image) => docker(['history', '--no-trunc', '--format', '{{.CreatedBy}}', image])),
      ]),
    );
    for (const secret of secrets) assert.ok(!seen.join('\n').includes(secret));
  });
});

/** Resolves when a TCP connection to a port of this machine's loopback was accepted. */
function open(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
