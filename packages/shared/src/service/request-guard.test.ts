import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type GuardedRequest, type GuardRules, judgeRequest } from './request-guard.ts';

const rules: GuardRules = {
  allowedHosts: ['bot.lan', 'Overlay.lan:8700'],
  allowedOrigins: ['http://127.0.0.1:3000'],
  token: 'the-token-of-this-machine',
};
const reading: GuardedRequest = {
  method: 'GET',
  host: '127.0.0.1:8700',
  origin: undefined,
  contentType: undefined,
  authorization: undefined,
  needsToken: false,
};
const input: GuardedRequest = { ...reading, method: 'POST', contentType: 'application/json' };
const changing: GuardedRequest = { ...input, needsToken: true, authorization: `Bearer ${rules.token}` };

const CASES: readonly [name: string, request: GuardedRequest, verdict: string][] = [
  ['reading by address', reading, 'ok'],
  ['reading by name', { ...reading, host: 'localhost:8700' }, 'ok'],
  ['reading by name in capitals', { ...reading, host: 'LOCALHOST' }, 'ok'],
  ['reading over IPv6', { ...reading, host: '[::1]:8700' }, 'ok'],
  ['reading over IPv6 without a port', { ...reading, host: '[::1]' }, 'ok'],
  ['reading by an allowed host', { ...reading, host: 'bot.lan:8700' }, 'ok'],
  ['an allowed host may be given with a port', { ...reading, host: 'overlay.lan' }, 'ok'],
  ['a rebound name', { ...reading, host: 'evil.example:8700' }, '403 host'],
  ['a name that begins like an allowed one', { ...reading, host: 'localhost.evil.example' }, '403 host'],
  ['a name that ends like an allowed one', { ...reading, host: 'evil-bot.lan' }, '403 host'],
  ['no host', { ...reading, host: undefined }, '403 host'],
  ['a page of the allow-list', { ...input, origin: 'http://127.0.0.1:3000' }, 'ok'],
  ['a page at another port', { ...input, origin: 'http://127.0.0.1:3001' }, '403 origin'],
  ['a foreign page', { ...reading, origin: 'https://evil.example' }, '403 origin'],
  ['a sandboxed page', { ...reading, origin: 'null' }, '403 origin'],
  ['an empty origin', { ...reading, origin: '' }, '403 origin'],
  ['input without the token', input, 'ok'],
  ['input with a charset', { ...input, contentType: 'application/json; charset=utf-8' }, 'ok'],
  ['a plain form', { ...input, contentType: 'application/x-www-form-urlencoded' }, '415 content_type'],
  ['text of a simple request', { ...input, contentType: 'text/plain' }, '415 content_type'],
  ['a type that begins like JSON', { ...input, contentType: 'application/jsonp' }, '415 content_type'],
  ['no type', { ...input, contentType: undefined }, '415 content_type'],
  ['a deletion without a type', { ...changing, method: 'DELETE', contentType: undefined }, '415 content_type'],
  ['a change with the token', changing, 'ok'],
  ['a change without it', { ...changing, authorization: undefined }, '401 token'],
  ['a change with another', { ...changing, authorization: 'Bearer the-token-of-that-machine' }, '401 token'],
  ['a change with the bare token', { ...changing, authorization: rules.token }, '401 token'],
  ['a change with a part of it', { ...changing, authorization: 'Bearer the-token' }, '401 token'],
  ['a change with the token by a foreign page', { ...changing, origin: 'https://evil.example' }, '403 origin'],
];

describe('the guard of HTTP', () => {
  for (const [name, request, expected] of CASES) {
    it(`${name}: ${expected}`, () => {
      const verdict = judgeRequest(request, rules);
      assert.equal(verdict.ok ? 'ok' : `${verdict.status} ${verdict.reason}`, expected);
      if (!verdict.ok) assert.match(verdict.message, /(use|add|set|send) /);
    });
  }

  const text = fc.option(fc.string(), { nil: undefined });
  const anyRequest = fc.record<GuardedRequest>({
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
    host: fc.oneof(fc.constantFrom('127.0.0.1', 'localhost:1'), text),
    origin: fc.oneof(fc.constantFrom(undefined, 'http://127.0.0.1:3000'), text),
    contentType: fc.oneof(fc.constant('application/json'), text),
    authorization: fc.oneof(
      text,
      fc.string().map((guess) => `Bearer ${guess}`),
      fc.nat(rules.token.length - 1).map((length) => `Bearer ${rules.token.slice(0, length)}`),
    ),
    needsToken: fc.constant(true),
  });

  it('lets nothing without the token to what changes the bot', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        fc.pre(request.authorization !== `Bearer ${rules.token}`);
        assert.equal(judgeRequest(request, rules).ok, false);
      }),
      { numRuns: 500 },
    );
  });

  it('lets no page in that is not on the list, whatever else it brings', () => {
    fc.assert(
      fc.property(anyRequest, fc.webUrl(), (request, origin) => {
        fc.pre(!rules.allowedOrigins.includes(origin));
        const verdict = judgeRequest({ ...request, origin, authorization: `Bearer ${rules.token}` }, rules);
        assert.equal(verdict.ok, false);
      }),
    );
  });
});
