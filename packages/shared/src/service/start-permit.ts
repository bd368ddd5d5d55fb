import { join } from 'node:path';
import {
  type Ceilings,
  CeilingsSchema,
  createValidator,
  kvKeys,
  type Parked,
  ParkedSchema,
  type SupervisedService,
} from '../contracts/index.ts';
import type { Bus } from '../messaging/index.ts';
import type { Clock } from './clock.ts';
import { noteStart, parkedUntil, readLedger, type StartLedger, writeLedger } from './start-ledger.ts';

/** How long a start waits for NATS before it goes by its ledger. */
const FIRST_CONNECTION_MS = 2000;

const validateParked = createValidator(ParkedSchema);
const validateCeilings = createValidator(CeilingsSchema);

/** The service's own file on its starts, kept while it runs. Reading it counts this start. */
export function openLedger(dataFolder: string, now: number) {
  const file = join(dataFolder, 'ledger.json');
  const before = readLedger(file);
  let ledger = noteStart(before, now);
  writeLedger(file, ledger);
  return {
    crashedBefore: !before.endedCleanly,
    current: () => ledger,
    keep(change: Partial<StartLedger>): void {
      ledger = { ...ledger, ...change };
      writeLedger(file, ledger);
    },
  };
}
export type OpenLedger = ReturnType<typeof openLedger>;

/** What a start must know before it opens anything: the supervisor's word where NATS answers, the ledger where it does not. */
export async function askPermit(
  service: SupervisedService,
  bus: Bus,
  ledger: OpenLedger,
  clock: Clock,
): Promise<{ parked: Parked | undefined; ceilings: Ceilings | undefined }> {
  const connected = new Promise<void>((resolve) => bus.onConnection((is) => is && resolve()));
  await Promise.race([connected, clock.sleep(FIRST_CONNECTION_MS)]);
  const words = await Promise.all([bus.readKey(kvKeys.parked(service)), bus.readKey(kvKeys.ceilings)]).catch(
    () => undefined,
  );
  if (!words) return { parked: parkedUntil(ledger.current(), clock.now()), ceilings: ledger.current().ceilings };
  const [parked, ceilings] = words;
  const checked = validateParked(parked);
  ledger.keep({ parked: checked.ok ? checked.value : undefined });
  const known = validateCeilings(ceilings);
  return {
    parked: checked.ok && Date.parse(checked.value.until) > clock.now() ? checked.value : undefined,
    ceilings: known.ok ? known.value : undefined,
  };
}
