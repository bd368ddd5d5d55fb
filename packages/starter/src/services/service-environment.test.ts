import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '@understudy/shared/config';
import { placesOf } from '../places.ts';
import { serviceEnvironment } from './service-environment.ts';

const defaults = loadConfig({ path: '', isNamed: false }, {});
assert(defaults.ok);
const { config } = defaults;
const root = import.meta.dirname;
const around = { natsUrl: 'nats://127.0.0.1:4322', redisUrlFile: undefined, faults: false, console: 'off' } as const;
const configOf = (configFile?: string) =>
  serviceEnvironment('cv-service', placesOf({ root, configFile }, config), around)['UNDERSTUDY_CONFIG'];

test('a configuration that was asked for is handed on, so that each service insists on it', () => {
  assert.equal(configOf('mine.yaml'), join(root, 'mine.yaml'));
});

test('that of the checkout is not: it may be missing', () => {
  assert.equal(configOf(), undefined);
});
