import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { registerOwnHost, registerSecret } from './known-values.ts';
import { MAX_TEXT_LENGTH, redactText } from './redact-text.ts';

registerSecret('correct horse\n');
registerSecret('p&ss/word?');
registerSecret('abc');
registerOwnHost('192.168.1.20');
registerOwnHost('2001:db8::20');

const CASES: readonly { name: string; text: string; shown: string }[] = [
  // Keys.
  { name: 'an OpenAI key', text: 'Incorrect key sk-proj-abcDEF123456.', shown: 'Incorrect key [redacted].' },
  { name: 'a GitHub token', text: 'ghp_abcdefghijklmnop1234', shown: '[redacted]' },
  { name: 'a Google key', text: 'AIzaSyA1234567890abcdefghij', shown: '[redacted]' },
  { name: 'a JSON Web Token', text: 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', shown: 'got [redacted]' },
  { name: 'a VRChat session', text: 'auth authcookie_0123-4567-89ab', shown: 'auth [redacted]' },
  {
    name: 'a private key',
    text: 'x -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- y',
    shown: 'x [redacted] y',
  },
  { name: 'a private key cut short', text: '-----BEGIN PRIVATE KEY-----\nMIIE', shown: '[redacted]' },
  { name: 'a bearer token', text: 'sent Bearer abc.def-123', shown: 'sent Bearer [redacted]' },
  { name: 'basic credentials', text: 'Basic dXNlcjpwYXNz', shown: 'Basic [redacted]' },
  { name: 'a basic word', text: 'Basic authentication', shown: 'Basic authentication' },
  {
    name: 'a Discord webhook',
    text: '/api/webhooks/123456789/aBcDeFgHiJkLmNoPqRsT',
    shown: '/api/webhooks/123456789/[redacted]',
  },
  { name: 'a Telegram bot', text: 'bot1234567:AAabcdefghijklmnopqrstuvwx', shown: 'bot1234567:[redacted]' },
  { name: 'a Twitch login', text: 'PASS oauth:abcdefghijklmnop1234', shown: 'PASS oauth:[redacted]' },
  // Addresses with credentials, assignments.
  { name: 'user information of a URL', text: 'redis://:p@ss@host:6379/0', shown: 'redis://[redacted]@host:6379/0' },
  {
    name: 'a query token',
    text: 'http://h/a?x=1&access_token=abc.d&y=2',
    shown: 'http://h/a?x=1&access_token=[redacted]&y=2',
  },
  { name: 'a query key', text: 'http://h/a?key=abcd', shown: 'http://h/a?key=[redacted]' },
  { name: 'quoted JSON', text: '{"apiKey":"abcd","n":1}', shown: '{"apiKey":"[redacted]","n":1}' },
  { name: 'an assignment', text: 'DB_PASSWORD=hunter2 next', shown: 'DB_PASSWORD=[redacted] next' },
  { name: 'a header', text: 'x-api-key: abcdef', shown: 'x-api-key: [redacted]' },
  { name: 'a number of tokens', text: 'max_tokens=100 tokens: 12', shown: 'max_tokens=100 tokens: 12' },
  // Viewers.
  { name: 'an e-mail address', text: 'from bob.b+x@mail.example.org!', shown: 'from [email]!' },
  { name: 'an IPv4 address', text: 'from 203.0.113.7:9000.', shown: 'from [ip]:9000.' },
  { name: 'an IPv4 address at the end', text: 'from 203.0.113.7.', shown: 'from [ip].' },
  { name: 'an IPv6 address', text: 'from [2001:db8::1]:80', shown: 'from [[ip]]:80' },
  { name: 'a mapped IPv4 address', text: '::ffff:203.0.113.7', shown: '[ip]' },
  { name: 'an IPv6 address at the end', text: 'from 2001:db8::1.', shown: 'from [ip].' },
  { name: 'loopback', text: '127.0.0.1 127.1.2.3 0.0.0.0 ::1', shown: '127.0.0.1 127.1.2.3 0.0.0.0 ::1' },
  { name: 'an own host', text: '192.168.1.20 2001:DB8::20', shown: '192.168.1.20 2001:DB8::20' },
  { name: 'a time of day', text: 'at 12:34:56', shown: 'at 12:34:56' },
  { name: 'a version', text: 'node 26.10.0, v1.2.3', shown: 'node 26.10.0, v1.2.3' },
  { name: 'no address', text: '999.1.1.1', shown: '999.1.1.1' },
  // Registered values.
  { name: 'a registered secret', text: 'said: correct horse!', shown: 'said: [redacted]!' },
  { name: 'its URL-encoded form', text: 'q=p%26ss%2Fword%3F', shown: 'q=[redacted]' },
  { name: 'a value too short to be one', text: 'abc', shown: 'abc' },
  { name: 'plain words', text: 'Reply delivered', shown: 'Reply delivered' },
];

for (const { name, text, shown } of CASES) {
  test(`${name}: ${JSON.stringify(shown)}`, () => assert.equal(redactText(text), shown));
}

for (const prefix of 'sk- sk-proj- pk_ rk_ gsk_ hf_ xai- r8_ nvapi- pplx- tvly- gho_ ghp_ ghs_ ghu_ github_pat_ glpat- xoxa- xoxb- xoxp- xoxr- xoxs- whsec_ authcookie_ AIzaSyABCDEFGHIJ AKIAABCD'.split(
  ' ',
)) {
  test(`a key that begins with ${prefix} in the middle of a text`, () =>
    assert.equal(redactText(`(${prefix}ABCDEFGHIJ12)`), '([redacted])'));
}

const words = fc.string({ maxLength: 200 });

test('a planted secret never survives, whatever stands around it', () => {
  const planted = fc.constantFrom(
    'sk-planted0123456789',
    'ghp_planted0123456789',
    'eyJhbGciOiJ.eyJzdWIiOi.c2lnbmF0',
    'correct horse',
  );
  fc.assert(
    fc.property(words, planted, words, (before, secret, behind) => {
      assert.ok(!redactText(`${before} ${secret} ${behind}`).includes(secret));
    }),
  );
});

test('a viewer\u2019s address never survives between words', () => {
  const octet = fc.integer({ min: 1, max: 254 });
  const address = fc.oneof(
    fc.tuple(fc.integer({ min: 128, max: 190 }), octet, octet, octet).map((octets) => octets.join('.')),
    fc.ipV6().filter((text) => text.length > 8 && !text.startsWith('::')),
    fc.emailAddress().filter((text) => /^[\w.+-]{1,64}@/.test(text)),
  );
  fc.assert(
    fc.property(words, address, words, (before, viewer, behind) => {
      assert.ok(!redactText(`${before} ${viewer} ${behind}`).includes(viewer));
    }),
  );
});

test('redacting twice changes nothing more', () => {
  fc.assert(fc.property(words, (text) => assert.equal(redactText(redactText(text)), redactText(text))));
});

test('a long text is cut, and a secret that the cut divides is not shown in part', () => {
  const text = `${'x'.repeat(MAX_TEXT_LENGTH + 507)} sk-planted0123456789`;
  assert.equal(redactText(text), `${'x'.repeat(MAX_TEXT_LENGTH)}[cut: ${text.length} characters]`);
});

test('a viewer cannot make the patterns run away', () => {
  for (const part of [
    'a@',
    '1.',
    'a:',
    'token',
    'a-',
    'http://',
    '-----BEGIN PRIVATE KEY-----',
    'Basic a',
    '&key',
    ':',
  ]) {
    const text = part.repeat(100_000);
    const started = performance.now();
    redactText(text);
    const elapsedMs = performance.now() - started;
    assert.ok(elapsedMs < 1000, `${part} took ${elapsedMs} ms`);
  }
});
