import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FULL_CEILINGS } from '../contracts/index.ts';
import {
  EMPTY_LEDGER,
  noteStart,
  OWN_START_LIMIT,
  parkedUntil,
  readLedger,
  type StartLedger,
  writeLedger,
} from './start-ledger.ts';

const { maxStarts, periodMs, parkMs } = OWN_START_LIMIT;
const NOON = Date.UTC(2026, 10, 24, 12);
const newFile = () => join(mkdtempSync(join(tmpdir(), 'ledger-')), 'service', 'ledger.json');

const startedEvery = (gapMs: number, times: number): StartLedger => {
  let ledger = EMPTY_LEDGER;
  for (let i = 0; i < times; i += 1) ledger = noteStart(ledger, NOON + i * gapMs);
  return ledger;
};

describe('the count of starts', () => {
  it('parks the start after the last that is allowed, and lets it try again when the time is over', () => {
    assert.equal(parkedUntil(startedEvery(1000, maxStarts), NOON + 10_000), undefined);
    const looping = startedEvery(1000, maxStarts + 1);
    const last = NOON + maxStarts * 1000;
    assert.deepEqual(parkedUntil(looping, last), {
      until: new Date(last + parkMs).toISOString(),
      reason: '11 starts within 120 s',
    });
    assert.equal(parkedUntil(looping, last + parkMs), undefined);
    assert.equal(parkedUntil(noteStart(looping, last + parkMs), last + parkMs), undefined);
  });

  it('forgets what lies a period back, so that slow restarts never park', () => {
    fc.assert(
      fc.property(fc.integer({ min: Math.ceil(periodMs / maxStarts), max: periodMs * 2 }), fc.nat(60), (gap, times) => {
        const ledger = startedEvery(gap, times);
        assert.equal(parkedUntil(ledger, NOON + times * gap), undefined);
        assert.ok(ledger.starts.length <= maxStarts);
      }),
    );
  });

  it('finds a crash by what was not written', () => {
    assert.equal(EMPTY_LEDGER.endedCleanly, true);
    assert.equal(noteStart(EMPTY_LEDGER, NOON).endedCleanly, false);
  });
});

describe("the supervisor's word", () => {
  const parked = { until: new Date(NOON + 1000).toISOString(), reason: 'budget spent' };

  it('parks until its time, and goes before the own count', () => {
    const ledger = { ...startedEvery(1, maxStarts + 1), parked };
    assert.equal(parkedUntil(ledger, NOON), parked);
    assert.equal(parkedUntil({ ...EMPTY_LEDGER, parked }, NOON + 1000), undefined);
  });
});

describe('the file', () => {
  it('gives back what was written, for its owner alone, and leaves no other file', () => {
    const file = newFile();
    const ledger: StartLedger = {
      starts: [NOON],
      endedCleanly: false,
      parked: { until: new Date(NOON).toISOString(), reason: 'test', incidentId: 'incident-1' },
      ceilings: FULL_CEILINGS,
    };
    writeLedger(file, ledger);
    assert.deepEqual(readLedger(file), ledger);
    assert.equal(statSync(file).mode & 0o077, 0);
    assert.deepEqual(readdirSync(dirname(file)), ['ledger.json']);
  });

  for (const text of ['', 'null', '[]', '{', '{"starts":"many","endedCleanly":true}', '{"parked":{"until":"later"}}']) {
    it(`stops no start where it holds ${text || 'nothing'}`, () => {
      const file = join(mkdtempSync(join(tmpdir(), 'ledger-')), 'ledger.json');
      writeFileSync(file, text);
      assert.deepEqual(readLedger(file), EMPTY_LEDGER);
    });
  }

  it('is as good as none where it is missing', () => {
    assert.deepEqual(readLedger(newFile()), EMPTY_LEDGER);
  });
});
