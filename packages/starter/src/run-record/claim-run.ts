import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Addresses, type RunRecord, readRunRecord, runRecordFile } from '@understudy/cli';
import { writePrivately } from '@understudy/shared/servers';
import { withSetupLock } from '../../../../scripts/bootstrap/setup-lock.mjs';
import { StartRefusedError } from '../start-refused-error.ts';
import { processBirth } from './process-birth.ts';

/** One start a state folder: two would end each other's servers as orphans. */
export interface RunClaim {
  release(): void;
}

/**
 * @param state `.understudy`
 * @param addresses what the command line is told, whatever becomes of the configuration meanwhile
 * @throws StartRefusedError when another start of this folder lives; a dead one's claim is taken over
 */
export async function claimRun(state: string, addresses: Addresses): Promise<RunClaim> {
  const file = runRecordFile(state);
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true });
  const own: RunRecord = {
    pid: process.pid,
    birth: processBirth(process.pid) ?? '',
    startedAt: new Date().toISOString(),
    addresses: { ...addresses },
  };
  await withSetupLock(join(folder, 'claim.lock'), async () => {
    const other = readRunRecord(file);
    if (other && isAlive(other)) throw new StartRefusedError(alreadyRuns(other), 1);
    writePrivately(file, JSON.stringify(own));
  });
  return {
    release() {
      const present = readRunRecord(file);
      if (present?.pid === own.pid && present.birth === own.birth) rmSync(file, { force: true });
    },
  };
}

const alreadyRuns = ({ pid, startedAt, addresses }: RunRecord): string =>
  [
    `Understudy runs here already: process ${pid}, since ${startedAt}.`,
    `  see it:  npx understudy status${addresses?.supervisor === undefined ? '' : `   (${addresses.supervisor}/v1/status)`}`,
    `  stop it: Ctrl-C in its terminal${process.platform === 'win32' ? '' : `, or: kill ${pid}`}`,
  ].join('\n');

/** Where the system does not tell a birth, any process with the id counts: refusing wrongly does less harm than two starts. */
const isAlive = ({ pid, birth }: RunRecord): boolean => {
  const present = processBirth(pid);
  return present !== undefined && (birth === '' || present === birth);
};
