import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { decodeReply, encodeReply } from './stored-reply.ts';

it('gives back what was stored', () => {
  const reply = { text: 'Hi "there" 元気', by: 'provider:primary' };
  assert.deepEqual(decodeReply(encodeReply(reply)), { ok: true, reply });
});
it('says why something is no reply', () => {
  assert.deepEqual(decodeReply('{"text":'), { ok: false, reason: 'not_json' });
  assert.deepEqual(decodeReply('{"text":"","by":"x"}'), { ok: false, reason: 'schema' });
  assert.deepEqual(decodeReply('null'), { ok: false, reason: 'schema' });
});
it('throws at nothing', () => {
  const mutated = fc
    .tuple(fc.nat(60), fc.string({ maxLength: 2 }))
    .map(([at, piece]) => encodeReply({ text: 'Hello there', by: 'provider:primary' }).slice(0, at) + piece);
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), mutated), (value) =>
      assert.equal(typeof decodeReply(value).ok, 'boolean'),
    ),
  );
});
