import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createValidator } from '@understudy/shared/contracts';
import { writePrivately } from '@understudy/shared/servers';
import Type, { type Static } from 'typebox';
import { processBirth } from './process-birth.ts';

const ENDING = '.process.json';
const ProcessRecordSchema = Type.Object({
  name: Type.String(),
  pid: Type.Integer({ minimum: 2 }),
  birth: Type.String({ minLength: 1 }),
});
type ProcessRecord = Static<typeof ProcessRecordSchema>;
const validate = createValidator(ProcessRecordSchema);

/** A server may need so long to close its files before it is killed, in ms. */
const GRACE_MS = 3000;
const LOOK_AGAIN_MS = 50;

/** Writes which process carries `name` now; `undefined`: none. */
export function recordProcess(folder: string, name: string, pid: number | undefined): void {
  const file = join(folder, `${name}${ENDING}`);
  const birth = pid === undefined ? undefined : processBirth(pid);
  if (pid === undefined || birth === undefined) rmSync(file, { force: true });
  else writePrivately(file, JSON.stringify({ name, pid, birth } satisfies ProcessRecord));
}

/**
 * Ends what a dead start has left running: only processes that it recorded, and only where the one with that id was born when the
 * record says. @returns their names
 */
export async function endOrphans(folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(folder).filter((file) => file.endsWith(ENDING));
  const ended = await Promise.all(files.map((file) => endOrphan(join(folder, file))));
  return ended.filter((name) => name !== undefined).sort();
}

async function endOrphan(file: string): Promise<string | undefined> {
  const record = readRecord(file);
  const isAlive = () => record !== undefined && processBirth(record.pid) === record.birth;
  const wasAlive = isAlive();
  if (record && wasAlive) {
    tell(record.pid, 'SIGTERM');
    const giveUpAt = performance.now() + GRACE_MS;
    while (isAlive() && performance.now() < giveUpAt) await delay(LOOK_AGAIN_MS);
    if (isAlive()) tell(record.pid, 'SIGKILL');
    while (isAlive() && performance.now() < giveUpAt + GRACE_MS) await delay(LOOK_AGAIN_MS);
  }
  rmSync(file, { force: true });
  return wasAlive ? record?.name : undefined;
}

function readRecord(file: string): ProcessRecord | undefined {
  try {
    const checked = validate(JSON.parse(readFileSync(file, 'utf8')));
    return checked.ok ? checked.value : undefined;
  } catch {
    return undefined;
  }
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended by itself.
  }
}
