import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { afterProof, afterShut, countsAs, expectedRung, thinkBy } from './think-status.ts';

const providers = (...closed: readonly boolean[]) => closed.map((isClosed, index) => ({ name: `p${index}`, isClosed }));
const both = providers(true, true);

describe('thinkBy', () => {
  it('is full by the first provider alone', () => {
    assert.deepEqual(thinkBy('provider:p0', both), { level: 'full', by: 'provider:p0' });
    assert.deepEqual(thinkBy('provider:p1', both), { level: 'degraded', by: 'provider:p1' });
    assert.deepEqual(thinkBy('cache', both), { level: 'degraded', by: 'cache' });
    assert.deepEqual(thinkBy('pattern', []), { level: 'degraded', by: 'pattern' });
  });
});

describe('expectedRung', () => {
  it('is the first that is not shut, from the forced rung on', () => {
    assert.equal(expectedRung(both, 'auto'), 'provider:p0');
    assert.equal(expectedRung(providers(false, true), 'auto'), 'provider:p1');
    assert.equal(expectedRung(providers(false, false), 'auto'), 'pattern');
    assert.equal(expectedRung(both, 'provider:p1'), 'provider:p1');
    assert.equal(expectedRung(both, 'cache'), 'pattern');
    assert.equal(expectedRung(both, 'pattern'), 'pattern');
  });
});

describe('countsAs', () => {
  it('is the rung itself, but a line of the cache only while a provider is asked', () => {
    assert.equal(countsAs('provider:p1', both, 'auto'), 'provider:p1');
    assert.equal(countsAs('cache', providers(false, true), 'auto'), 'cache');
    assert.equal(countsAs('cache', providers(false, false), 'auto'), 'pattern');
    assert.equal(countsAs('cache', both, 'cache'), 'pattern');
  });
});

describe('afterShut', () => {
  it('goes on to the next one when the present rung is shut', () => {
    assert.equal(afterShut('provider:p0', 'p0', providers(false, true), 'auto'), 'provider:p1');
    assert.equal(afterShut('provider:p1', 'p1', providers(false, false), 'auto'), 'pattern');
  });
  it("else leaves the last turn's word", () => {
    assert.equal(afterShut('cache', 'p0', providers(false, true), 'auto'), 'cache');
    assert.equal(afterShut('provider:p0', 'p1', providers(true, false), 'auto'), 'provider:p0');
  });
});

describe('afterProof', () => {
  it('rises to what was proven, and no higher', () => {
    assert.equal(afterProof('pattern', 'p1', both, 'auto'), 'provider:p1');
    assert.equal(afterProof('provider:p1', 'p0', both, 'auto'), 'provider:p0');
    assert.equal(afterProof('provider:p0', 'p1', both, 'auto'), 'provider:p0');
  });
  it('stays where the ladder is told to begin', () => {
    assert.equal(afterProof('cache', 'p0', both, 'cache'), 'cache');
    assert.equal(afterProof('provider:p1', 'p0', both, 'provider:p1'), 'provider:p1');
  });
});
