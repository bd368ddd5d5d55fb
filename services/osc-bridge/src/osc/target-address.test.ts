import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTargetAddress } from './target-address.ts';

test('an address is itself, without asking anybody', async () => {
  const target = createTargetAddress(
    () => '127.0.0.1',
    () => Promise.reject(new Error('asked')),
  );
  await target.refresh(0, true);
  assert.equal(target.current(), '127.0.0.1');
});

test('a name is asked for once in a while, not at every send', async () => {
  const asked: string[] = [];
  let host = 'host.docker.internal';
  const target = createTargetAddress(
    () => host,
    async (name) => {
      asked.push(name);
      return `10.0.0.${asked.length}`;
    },
  );
  assert.equal(target.current(), undefined);
  await target.refresh(0);
  await target.refresh(29_999);
  assert.deepEqual({ asked, current: target.current() }, { asked: ['host.docker.internal'], current: '10.0.0.1' });
  await target.refresh(30_000);
  assert.equal(target.current(), '10.0.0.2');
  host = 'elsewhere';
  assert.equal(target.current(), undefined);
  await target.refresh(30_001);
  assert.deepEqual({ asked: asked.at(-1), current: target.current() }, { asked: 'elsewhere', current: '10.0.0.3' });
});

test('an address that was good outlives a resolver that fails', async () => {
  let fails = false;
  const target = createTargetAddress(
    () => 'vrchat-pc',
    async () => {
      if (fails) throw new Error('ENOTFOUND');
      return '10.0.0.1';
    },
  );
  await target.refresh(0);
  fails = true;
  await assert.rejects(target.refresh(60_000), new Error('ENOTFOUND'));
  assert.equal(target.current(), '10.0.0.1');
});
