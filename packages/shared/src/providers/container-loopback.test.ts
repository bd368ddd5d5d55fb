import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isInContainer, loopbackHint } from './container-loopback.ts';

it('says what to write instead of an address that is the container itself', () => {
  for (const [host, instead] of [
    ['http://127.0.0.1:11434/v1', 'http://host.docker.internal:11434/v1'],
    ['http://localhost:1234/v1/', 'http://host.docker.internal:1234/v1'],
    ['http://[::1]:8080/v1', 'http://host.docker.internal:8080/v1'],
  ] as const)
    assert.ok(loopbackHint(host).includes(`set base_url to ${instead},`), loopbackHint(host));
});
it('has nothing to say of another host', () => {
  for (const host of ['https://api.openai.com/v1', 'http://ollama:11434/v1']) assert.equal(loopbackHint(host), '');
});
it('knows a container by the hosts that compose names', () => {
  assert.equal(isInContainer({ UNDERSTUDY_HOSTS: 'simulators=simulators' }), true);
});
