import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isInContainer } from '../config/index.ts';
import { loopbackHint } from './container-loopback.ts';

const REFUSED = 'ECONNREFUSED';

it('says what to write instead of an address that is the container itself', () => {
  for (const [host, instead] of [
    ['http://127.0.0.1:11434/v1', 'http://host.docker.internal:11434/v1'],
    ['http://localhost:1234/v1/', 'http://host.docker.internal:1234/v1'],
    ['http://[::1]:8080/v1', 'http://host.docker.internal:8080/v1'],
  ] as const)
    assert.ok(loopbackHint(host, REFUSED).includes(`set base_url to ${instead},`), loopbackHint(host, REFUSED));
});
it('has nothing to say of another host', () => {
  for (const host of ['https://api.openai.com/v1', 'http://ollama:11434/v1'])
    assert.equal(loopbackHint(host, REFUSED), '');
});
it('has nothing to say where somebody listens', () => {
  for (const errno of ['UND_ERR_SOCKET', 'ECONNRESET', 'HPE_INVALID_CONSTANT', 'EPROTO', 'Z_DATA_ERROR', undefined])
    assert.equal(loopbackHint('http://127.0.0.1:11434/v1', errno), '');
});

/** What a process of the stack, a native one, and one on the host beside the stack find in their environment. */
const PLACES = [
  [{ UNDERSTUDY_HOSTS: 'simulators=simulators' }, true],
  [{ UNDERSTUDY_HOSTS: 'supervisor=supervisor osc-bridge=host.docker.internal' }, true],
  [{}, false],
  [{ UNDERSTUDY_HOSTS: ' ' }, false],
  [{ UNDERSTUDY_HOSTS: 'llm-service=host.docker.internal' }, false],
] as const;
for (const [env, expected] of PLACES)
  it(`${JSON.stringify(env)} is ${expected ? 'a' : 'no'} container of the stack`, () =>
    assert.equal(isInContainer(env), expected));
