import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Type from 'typebox';
import { type Ceilings, CeilingsSchema, createValidator, type Parked, ParkedSchema } from '../contracts/index.ts';

/**
 * A small file on the service's own volume: what the supervisor last said, and when this service was started.
 * It is read before configuration and NATS and decides while NATS is away, so that a crash loop ends under any container runtime.
 */
export interface StartLedger {
  /** Epoch milliseconds of the starts within the period, oldest first. */
  readonly starts: readonly number[];
  /** False from the start of a process until its drain: what is found false at a start was a crash. */
  readonly endedCleanly: boolean;
  readonly parked?: Parked | undefined;
  readonly ceilings?: Ceilings | undefined;
}

/** While NATS is away the service judges by these itself; with NATS the supervisor does, by the configuration. */
export const OWN_START_LIMIT = { maxStarts: 10, periodMs: 120_000, parkMs: 900_000 } as const;

export const EMPTY_LEDGER: StartLedger = { starts: [], endedCleanly: true };

export function noteStart(ledger: StartLedger, now: number): StartLedger {
  const starts = [...ledger.starts.filter((start) => now - start < OWN_START_LIMIT.periodMs), now];
  return { ...ledger, starts, endedCleanly: false };
}

/** Parked by the supervisor's word, or by the own count when that was spent; `undefined` when it may start. */
export function parkedUntil(ledger: StartLedger, now: number): Parked | undefined {
  if (ledger.parked && Date.parse(ledger.parked.until) > now) return ledger.parked;
  if (ledger.starts.length <= OWN_START_LIMIT.maxStarts) return undefined;
  const until = (ledger.starts.at(-1) ?? now) + OWN_START_LIMIT.parkMs;
  if (until <= now) return undefined;
  return {
    until: new Date(until).toISOString(),
    reason: `${ledger.starts.length} starts within ${OWN_START_LIMIT.periodMs / 1000} s`,
  };
}

const validateLedger = createValidator(
  Type.Object({
    starts: Type.Array(Type.Number()),
    endedCleanly: Type.Boolean(),
    parked: Type.Optional(ParkedSchema),
    ceilings: Type.Optional(CeilingsSchema),
  }),
);

/** A file that is missing or damaged must not stop a start: it is as if there had been none. */
export function readLedger(file: string): StartLedger {
  try {
    const checked = validateLedger(JSON.parse(readFileSync(file, 'utf8')));
    return checked.ok ? checked.value : EMPTY_LEDGER;
  } catch {
    return EMPTY_LEDGER;
  }
}

export function writeLedger(file: string, ledger: StartLedger): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.tmp`, JSON.stringify(ledger), { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
}
