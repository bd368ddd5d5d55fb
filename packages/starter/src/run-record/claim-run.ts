import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createValidator } from '@understudy/shared/contracts';
import { writePrivately } from '@understudy/shared/servers';
import Type, { type Static } from 'typebox';
import { withSetupLock } from '../../../../scripts/bootstrap/setup-lock.mjs';
import { StartRefusedError } from '../start-refused-error.ts';
import { processBirth } from './process-birth.ts';

const RunRecordSchema = Type.Object({
  pid: Type.Integer({ minimum: 2 }),
  birth: Type.String(),
  startedAt: Type.String(),
  statusUrl: Type.String(),
});
type RunRecord = Static<typeof RunRecordSchema>;
const validate = createValidator(RunRecordSchema);

/** One start a state folder: two would end each other's servers as orphans. */
export interface RunClaim {
  release(): void;
}

/** @throws StartRefusedError when another start of this folder lives; a dead one's claim is taken over. */
export async function claimRun(folder: string, statusUrl: string): Promise<RunClaim> {
  const file = join(folder, 'starter.json');
  mkdirSync(folder, { recursive: true });
  const own: RunRecord = {
    pid: process.pid,
    birth: processBirth(process.pid) ?? '',
    startedAt: new Date().toISOString(),
    statusUrl,
  };
  await withSetupLock(join(folder, 'claim.lock'), async () => {
    const other = readRecord(file);
    if (other && isAlive(other)) throw new StartRefusedError(alreadyRuns(other), 1);
    writePrivately(file, JSON.stringify(own));
  });
  return {
    release() {
      const present = readRecord(file);
      if (present?.pid === own.pid && present.birth === own.birth) rmSync(file, { force: true });
    },
  };
}

const alreadyRuns = ({ pid, startedAt, statusUrl }: RunRecord): string =>
  [
    `Understudy runs here already: process ${pid}, since ${startedAt}.`,
    `  see it:  npx understudy status   (${statusUrl})`,
    `  stop it: Ctrl-C in its terminal${process.platform === 'win32' ? '' : `, or: kill ${pid}`}`,
  ].join('\n');

/** Where the system does not tell a birth, any process with the id counts: refusing wrongly does less harm than two starts. */
const isAlive = ({ pid, birth }: RunRecord): boolean => {
  const present = processBirth(pid);
  return present !== undefined && (birth === '' || present === birth);
};

function readRecord(file: string): RunRecord | undefined {
  try {
    const checked = validate(JSON.parse(readFileSync(file, 'utf8')));
    return checked.ok ? checked.value : undefined;
  } catch {
    return undefined;
  }
}
