import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FULL_CEILINGS, kvKeys } from '../contracts/index.ts';
import { createFakeBus } from '../testing/fake-bus.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { OWN_START_LIMIT } from './start-ledger.ts';
import { askPermit, openLedger } from './start-permit.ts';

const NOON = Date.UTC(2026, 10, 24, 12);
const parked = { until: new Date(NOON + 600_000).toISOString(), reason: 'restart budget spent' };
const ceilings = { ...FULL_CEILINGS, act: { level: 'off', by: 'operator' } } as const;

function setUp() {
  const clock = createFakeClock(NOON);
  const bus = createFakeBus('osc-bridge');
  const folder = mkdtempSync(join(tmpdir(), 'permit-'));
  const ledger = openLedger(folder, NOON);
  return { clock, bus, folder, ledger, ask: () => askPermit('osc-bridge', bus, ledger, clock) };
}

describe('the permit to start', () => {
  it('is the supervisor’s word where NATS answers, kept for a start without it', async () => {
    const { bus, ledger, ask } = setUp();
    bus.keys.set(kvKeys.parked('osc-bridge'), parked);
    bus.keys.set(kvKeys.ceilings, ceilings);
    assert.deepEqual(await ask(), { parked, ceilings });
    assert.deepEqual(ledger.current().parked, parked);
  });

  it('takes back what the ledger says when the supervisor has', async () => {
    const { ledger, ask } = setUp();
    ledger.keep({ parked });
    assert.deepEqual(await ask(), { parked: undefined, ceilings: undefined });
    assert.equal(ledger.current().parked, undefined);
  });

  it('is not refused by a time that is over, nor by a key that says nothing sensible', async () => {
    for (const word of [{ ...parked, until: new Date(NOON).toISOString() }, 'parked', { until: 'later' }]) {
      const { bus, ask } = setUp();
      bus.keys.set(kvKeys.parked('osc-bridge'), word);
      bus.keys.set(kvKeys.ceilings, { hear: 'off' });
      assert.deepEqual(await ask(), { parked: undefined, ceilings: undefined });
    }
  });

  it('goes by the ledger after two seconds without NATS', async () => {
    const { bus, clock, ledger, ask } = setUp();
    bus.setConnected(false);
    bus.readKey = () => Promise.reject(new Error('NATS is away'));
    ledger.keep({ parked, ceilings });
    const permit = ask();
    await clock.advance(2000);
    assert.deepEqual(await permit, { parked, ceilings });
  });

  it('goes by the ledger, and keeps it, where NATS is there and the bucket is not', async () => {
    const { bus, ledger, ask } = setUp();
    bus.readKey = () => Promise.reject(new Error('no responders'));
    ledger.keep({ parked, ceilings });
    assert.deepEqual(await ask(), { parked, ceilings });
    assert.deepEqual(ledger.current().parked, parked);
  });

  it('parks a crash loop without NATS, and starts again after resume', async () => {
    const { bus, clock, folder } = setUp();
    bus.setConnected(false);
    bus.readKey = () => Promise.reject(new Error('NATS is away'));
    let ledger = openLedger(folder, clock.now());
    while (ledger.current().starts.length <= OWN_START_LIMIT.maxStarts) ledger = openLedger(folder, clock.now());
    const ask = async () => {
      const permit = askPermit('osc-bridge', bus, ledger, clock);
      await clock.advance(2000);
      return permit;
    };
    assert.match((await ask()).parked?.reason ?? '', /starts within 120 s$/);
    ledger.keep({ parked: undefined, starts: [] });
    ledger = openLedger(folder, clock.now());
    assert.equal((await ask()).parked, undefined);
  });
});

describe('the ledger of a start', () => {
  it('tells whether the last process ended cleanly', () => {
    const { folder, ledger } = setUp();
    assert.equal(ledger.crashedBefore, false);
    assert.equal(openLedger(folder, NOON).crashedBefore, true);
    ledger.keep({ endedCleanly: true });
    assert.equal(openLedger(folder, NOON).crashedBefore, false);
  });
});
