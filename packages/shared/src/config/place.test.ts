import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConfig } from './load-config.ts';
import { readPlace } from './place.ts';
import { simulatorPlan } from './simulator-plan.ts';

const place = readPlace({
  UNDERSTUDY_LISTEN: '0.0.0.0',
  UNDERSTUDY_HOSTS: 'audio-gateway=audio-gateway osc-bridge=host.docker.internal,simulators=simulators',
});
const loaded = parseConfig('', 'test.yaml', place);
assert(loaded.ok);
const { config, simulated } = loaded;

describe('the place of a process', () => {
  it('is read from two variables, and loopback without them', () => {
    assert.deepEqual(place, {
      listen: '0.0.0.0',
      hosts: { 'audio-gateway': 'audio-gateway', 'osc-bridge': 'host.docker.internal', simulators: 'simulators' },
    });
    assert.deepEqual(readPlace({}), { listen: undefined, hosts: {} });
  });

  it('names the pair that is none', () => {
    const wrong = (pair: string) => () => readPlace({ UNDERSTUDY_HOSTS: pair });
    assert.throws(
      wrong('audio-gatewy=x'),
      /"audio-gatewy=x" is not PART=HOST; PART is one of supervisor, audio-gateway/,
    );
    assert.throws(wrong('simulators='), /"simulators=" is not PART=HOST/);
  });

  it('binds every socket to the one address', () => {
    assert.deepEqual([config.http.host, config.audio.listen.host, config.vrchat.listen_host], Array(3).fill('0.0.0.0'));
  });

  it('on the host, binds for a real peer what the configuration says', () => {
    const host = { listen: '172.17.0.1', hosts: {} };
    const real = parseConfig('vrchat: { host: 127.0.0.1 }', 'test.yaml', host);
    assert(real.ok);
    const { http, audio, vrchat } = real.config;
    assert.deepEqual([http.host, audio.listen.host, vrchat.listen_host], ['172.17.0.1', '172.17.0.1', '127.0.0.1']);
  });

  it('reaches each part at its host, the others at the address of http.host', () => {
    assert.deepEqual(config.hosts, {
      supervisor: '127.0.0.1',
      'audio-gateway': 'audio-gateway',
      'osc-bridge': 'host.docker.internal',
      'llm-service': '127.0.0.1',
      'cv-service': '127.0.0.1',
      simulators: 'simulators',
    });
    assert.equal(config.vrchat.host, 'simulators');
    assert.equal(config.llm.providers[0]?.base_url, 'http://simulators:8791/primary/v1');
    assert.deepEqual(config.vision.source, { kind: 'mjpeg', url: 'http://simulators:8792/stream.mjpeg' });
  });

  it('accepts the hosts of the parts as Host headers', () =>
    assert.deepEqual(config.http.allowed_hosts, ['audio-gateway', 'host.docker.internal', 'simulators']));

  it('lets the simulators send to where the services are', () => {
    const plan = simulatorPlan(config, simulated);
    assert.deepEqual(plan.vrchat?.sendTo, { host: 'host.docker.internal', port: 19_001 });
    assert.equal(plan.audio?.microphones[0]?.sendTo.host, 'audio-gateway');
  });
});
