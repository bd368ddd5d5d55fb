import assert from 'node:assert/strict';
import { it } from 'node:test';
import { tooLarge } from './payload-limit.ts';

it('counts bytes, and leaves room for the headers', () => {
  const most = 255 * 1024;
  assert.equal(tooLarge('x'.repeat(most)), undefined);
  assert.equal(tooLarge('x'.repeat(most + 1)), '261121 bytes, more than the 261120 that NATS takes');
  assert.equal(tooLarge('ä'.repeat(most / 2)), undefined);
  assert.equal(tooLarge('ä'.repeat(most / 2 + 1)), '261122 bytes, more than the 261120 that NATS takes');
});
