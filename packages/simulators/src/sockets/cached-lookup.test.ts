import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cachedLookup } from './cached-lookup.ts';

test('a name is asked for once in five seconds, one that is not known too', () => {
  let now = 0;
  const asked: string[] = [];
  const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
  const lookup = cachedLookup(
    () => now,
    (host, _options, answer) => {
      asked.push(`${host} at ${now}`);
      if (host === 'gone') answer(unknown, '', 4);
      else answer(null, `10.0.0.${asked.length}`, 4);
    },
  );
  const ask = (host: string): unknown => {
    let given: unknown;
    lookup(host, undefined, (error, address) => {
      given = error ?? address;
    });
    return given;
  };
  assert.deepEqual(
    [ask('audio-gateway'), ask('audio-gateway'), ask('gone'), ask('gone')],
    ['10.0.0.1', '10.0.0.1', unknown, unknown],
  );
  now = 5000;
  assert.equal(ask('audio-gateway'), '10.0.0.3');
  assert.deepEqual(asked, ['audio-gateway at 0', 'gone at 0', 'audio-gateway at 5000']);
});
