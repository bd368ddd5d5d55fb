import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { redact } from './redact.ts';

test('a whole record: names, texts, nested values, keys', () => {
  const record = {
    provider: 'primary',
    apiKey: 'anything',
    authorization: { scheme: 'x', value: 'y' },
    max_tokens: 100,
    password: 123456,
    token: null,
    peer: '203.0.113.7',
    listen: '127.0.0.1:9001',
    headers: [{ cookie: 'a=b' }, 'Bearer abcdefgh'],
    'bob@example.org': 1,
  };
  assert.deepEqual(redact(record), {
    provider: 'primary',
    apiKey: '[redacted]',
    authorization: '[redacted]',
    max_tokens: 100,
    password: '[redacted]',
    token: null,
    peer: '[ip]',
    listen: '127.0.0.1:9001',
    headers: [{ cookie: '[redacted]' }, 'Bearer [redacted]'],
    '[email]': 1,
  });
});

test('values that JSON does not have', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const record = {
    big: 12n,
    date: new Date(0),
    noDate: new Date(Number.NaN),
    map: new Map([['apiKey', 'x']]),
    set: new Set([1, 2]),
    bytes: new Uint8Array(3),
    url: new URL('https://user:pass@example.org/'),
    infinite: Number.POSITIVE_INFINITY,
    nothing: undefined,
    code: () => 1,
    circular,
  };
  assert.deepEqual(redact(record), {
    big: '12',
    date: '1970-01-01T00:00:00.000Z',
    noDate: 'Invalid Date',
    map: { apiKey: '[redacted]' },
    set: [1, 2],
    bytes: '[3 bytes]',
    url: 'https://[redacted]@example.org/',
    infinite: 'Infinity',
    circular: { self: '[circular]' },
  });
});

test('an error keeps type, message, code, stack and causes, without its secrets', () => {
  const cause = Object.assign(new Error('connect to 203.0.113.7'), { code: 'ECONNREFUSED', address: '203.0.113.7' });
  const error = new TypeError('bad key sk-planted0123456789', { cause });
  error.stack = 'TypeError: bad key sk-planted0123456789\n    at here';
  cause.stack = 'Error: connect';
  assert.deepEqual(redact(Object.assign(error, { status: 401, headers: { a: 1 } })), {
    type: 'TypeError',
    message: 'bad key [redacted]',
    status: 401,
    stack: 'TypeError: bad key [redacted]\n    at here',
    cause: {
      type: 'Error',
      message: 'connect to [ip]',
      code: 'ECONNREFUSED',
      address: '[ip]',
      stack: 'Error: connect',
    },
  });
});

test('an object that stands twice is no circle', () => {
  const twice = { a: 1 };
  assert.deepEqual(redact([twice, twice]), [{ a: 1 }, { a: 1 }]);
});

test('an error that names itself by a property is shown once', () => {
  const error = Object.assign(new Error('no'), { name: 'ServiceError' });
  error.stack = 's';
  assert.deepEqual(redact(error), { type: 'ServiceError', message: 'no', stack: 's' });
});

test('an aggregate shows its errors, and a chain of causes ends', () => {
  const inner = new Error('inner');
  inner.stack = 's';
  const aggregate = new AggregateError([inner, 'text'], 'all failed');
  aggregate.stack = 's';
  assert.deepEqual(redact(aggregate), {
    type: 'AggregateError',
    message: 'all failed',
    stack: 's',
    errors: [{ type: 'Error', message: 'inner', stack: 's' }, 'text'],
  });
  const loop = new Error('loop');
  loop.cause = loop;
  assert.equal(JSON.stringify(redact(loop)).split('"message":"loop"').length - 1, 6);
});

test('size is bounded in depth, length and number', () => {
  let deep: unknown = 'end';
  for (let level = 0; level < 10; level += 1) deep = [deep];
  assert.deepEqual(redact(deep), [[[[[[[['[cut: too deep]']]]]]]]]);
  assert.deepEqual(redact(Array(150).fill(1)), [...Array(100).fill(1), '[cut: 150 items]']);
  const wide = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`f${index}`, index]));
  assert.equal(Object.keys(redact(wide) ?? {}).length, 101);
  const many = Array(100).fill(Array(100).fill('x'.repeat(100)));
  assert.ok(JSON.stringify(redact(many)).length < 120_000);
});

test('a getter that throws does not throw here', () => {
  const record = {
    get broken() {
      throw new Error('no');
    },
  };
  assert.equal(redact(record), '[unreadable]');
});

test('anything becomes JSON, and redacting twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true }), (value) => {
      const once = redact(value);
      assert.equal(typeof JSON.stringify(once), 'string');
      assert.deepEqual(redact(once), once);
    }),
  );
});
