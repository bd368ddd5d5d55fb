import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '@understudy/shared/config';
import { SERVICE_NAMES } from '@understudy/shared/contracts';
import { PNPM_VERSION } from '../../scripts/bootstrap/bring-toolchain.mjs';
import { type ComposeService, FULL, LITE, publishedPorts, readComposeFile, readText } from './compose-file.ts';

const full = readComposeFile(FULL);
const lite = readComposeFile(LITE);
const dockerfile = readText('Dockerfile');
const loaded = parseConfig('', 'understudy.yaml');
assert.ok(loaded.ok);
const memoryLimits: Readonly<Record<string, number>> = loaded.config.resources.memory_limit_mb;
const services = Object.entries(full.services);

/** Runs before all others and ends; is root, to hand out files, with three capabilities. */
const ONE_SHOT = 'setup';
/** Distroless: it has no program that could ask it. Prometheus does (alert LogShipperDown). */
const WITHOUT_HEALTHCHECK = [ONE_SHOT, 'fluent-bit'];
/** No `stop_grace_period`: they have nothing to drain. */
const NOTHING_TO_DRAIN = [ONE_SHOT, 'simulators'];
/** Ends by itself when every peer is real, which is no failure. */
const RESTARTS: Readonly<Record<string, string>> = { [ONE_SHOT]: 'no', simulators: 'on-failure' };
const ROOT_CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'];

const isOurs = ({ image }: ComposeService): boolean => image?.startsWith('understudy/') ?? false;
const megabytes = (size: string | undefined): number => Number(/^(\d+)m$/.exec(size ?? '')?.[1]);

describe('every container', () => {
  for (const [name, service] of services) {
    test(`${name} keeps the rules of the stack`, () => {
      const isOneShot = name === ONE_SHOT;
      const { read_only, privileged, user, cap_drop, cap_add, security_opt, restart, init, logging } = service;
      assert.deepEqual(
        { read_only, privileged, user, cap_drop, cap_add, security_opt, restart, init, logging },
        {
          read_only: true,
          privileged: undefined,
          user: isOneShot ? undefined : '1000:1000',
          cap_drop: ['ALL'],
          cap_add: isOneShot ? ROOT_CAPABILITIES : undefined,
          security_opt: ['no-new-privileges:true'],
          restart: RESTARTS[name] ?? 'unless-stopped',
          // As process 1 Node would outlive its own watchdog.
          init: isOurs(service) ? true : undefined,
          logging: { driver: 'json-file', options: { 'max-size': '5m', 'max-file': '3' } },
        },
      );
      assert.equal(service.healthcheck === undefined, WITHOUT_HEALTHCHECK.includes(name), 'healthcheck');
      assert.equal(service.stop_grace_period === undefined, NOTHING_TO_DRAIN.includes(name), 'stop_grace_period');
      assert.ok(megabytes(service.mem_limit) > 0, `mem_limit ${service.mem_limit}`);
      assert.ok((service.cpus ?? 0) > 0, `cpus ${service.cpus}`);
      assert.doesNotMatch(JSON.stringify(service.volumes ?? []), /docker\.sock/);
    });

    test(`${name} has an image whose version stands in the file`, () => {
      if (isOurs(service)) {
        const { args, ...build } = service.build ?? {};
        assert.deepEqual(build, { context: '.', target: name });
        // Programs of Debian are built in only where the operator asks.
        assert.ok(
          Object.values(args ?? {}).every((value) => value.endsWith(':-}')),
          JSON.stringify(args),
        );
        assert.equal(service.image, `understudy/${name}`);
      } else assert.match(service.image ?? '', /^[a-z/-]+:v?\d+\.\d+\.\d+(-[a-z]+)?(@sha256:[0-9a-f]{64})?$/);
    });
  }

  test('waits until the set-up has ended well', () => {
    const late = services.filter(([name]) => name !== ONE_SHOT);
    const impatient = late.filter(
      ([, { depends_on }]) => depends_on?.[ONE_SHOT]?.condition !== 'service_completed_successfully',
    );
    assert.deepEqual(
      impatient.map(([name]) => name),
      [],
    );
  });

  test('has at least the memory that its own process may take before it gives memory back', () => {
    const tooSmall = SERVICE_NAMES.filter(
      (name) => megabytes(full.services[name]?.mem_limit) < (memoryLimits[name] ?? Number.POSITIVE_INFINITY),
    );
    assert.deepEqual(tooSmall, []);
  });

  test('shares a network with the bus only when it is part of the bot', () => {
    const onTheBus = services.filter(([, { networks = [] }]) => networks.includes('bot')).map(([name]) => name);
    assert.deepEqual(onTheBus.sort(), ['nats', 'redis', 'simulators', ...SERVICE_NAMES].sort());
  });

  test('reads credentials that are its own: no two share a volume of secrets', () => {
    const readers = Object.keys(full.volumes)
      .filter((volume) => /-secrets$|^(nats|redis)-config$/.test(volume))
      .map((volume) => {
        const mounted = services.filter(([, { volumes = [] }]) => volumes.some((one) => one.startsWith(`${volume}:`)));
        return [volume, mounted.map(([name]) => name).filter((name) => name !== ONE_SHOT)] as const;
      });
    assert.deepEqual(
      readers.filter(([volume, names]) => names.join() !== volume.replace(/-(secrets|config)$/, '')),
      [],
    );
  });
});

describe('published ports', () => {
  const ports = publishedPorts(full);

  test('are on loopback, each with a variable of its own', () => {
    assert.deepEqual(
      ports.filter(({ address }) => address !== '127.0.0.1'),
      [],
    );
    assert.equal(new Set(ports.map(({ variable }) => variable)).size, ports.length);
    assert.equal(new Set(ports.map(({ standard, protocol }) => `${standard}/${protocol}`)).size, ports.length);
  });

  test('are all told at the head of the file', () => {
    const head = readText(FULL).split('\nname: understudy')[0] ?? '';
    const untold = ports.filter(({ variable }) => !head.includes(variable.replace('UNDERSTUDY', '')));
    assert.deepEqual(
      untold.map(({ variable }) => variable),
      [],
    );
  });
});

describe('docker-compose.lite.yml', () => {
  const LEFT_OUT = ['fluent-bit', 'loki', 'tempo', 'grafana'];

  test('is the full stack without its logs, traces and pages', () => {
    const expected = Object.keys(full.services).filter((name) => !LEFT_OUT.includes(name));
    assert.deepEqual(Object.keys(lite.services), expected);
    assert.deepEqual(Object.keys(lite.networks), Object.keys(full.networks));
    assert.deepEqual(Object.keys(lite.volumes), Object.keys(full.volumes));
  });

  test('repeats nothing: each service extends the one of the full stack, and changes its environment alone', () => {
    for (const [name, { extends: base, ...rest }] of Object.entries(lite.services)) {
      assert.deepEqual(base, { file: FULL, service: name });
      const changed = Object.keys(rest);
      assert.deepEqual(
        changed.filter((key) => key !== 'environment'),
        [],
        name,
      );
    }
  });

  test('lets no service wait for one that it leaves out', () => {
    const waiting = Object.keys(lite.services).flatMap((name) => Object.keys(full.services[name]?.depends_on ?? {}));
    assert.deepEqual(
      waiting.filter((name) => LEFT_OUT.includes(name)),
      [],
    );
  });
});

describe('the Dockerfile', () => {
  const argument = (name: string): string => new RegExp(`^ARG ${name}=(.*)$`, 'm').exec(dockerfile)?.[1] ?? '';

  test('builds with the same pnpm as the checkout', () => {
    assert.equal(argument('PNPM_VERSION'), PNPM_VERSION);
  });

  test('starts from a Debian-based Node of the major version that .nvmrc names', () => {
    const [major] = readText('.nvmrc').trim().split('.');
    assert.match(
      argument('NODE_IMAGE'),
      new RegExp(`^node:${major}\\.\\d+\\.\\d+-[a-z]+-slim(@sha256:[0-9a-f]{64})?$`),
    );
  });

  test('needs nothing else from a registry: no frontend is fetched, no other base', () => {
    assert.doesNotMatch(dockerfile, /^#\s*syntax=/m);
    const stages = [...dockerfile.matchAll(/^FROM (\S+) AS (\S+)$/gm)].map(([, base = '', name = '']) => ({
      base,
      name,
    }));
    const known = stages.map(({ name }) => name);
    assert.deepEqual(
      stages.filter(({ base }) => !/^\$\{NODE_IMAGE\}$/.test(base) && !known.includes(base)),
      [],
    );
    assert.equal(stages.length, [...dockerfile.matchAll(/^FROM /gm)].length);
  });

  test('has one target for each image of the stack', () => {
    const targets = services.flatMap(([, { build }]) => (build === undefined ? [] : [build.target]));
    for (const target of targets) assert.match(dockerfile, new RegExp(`^FROM app AS ${target}$`, 'm'));
  });
});
