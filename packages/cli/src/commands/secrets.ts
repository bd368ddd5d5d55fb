import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import { isRunning, readRunRecord, runRecordFile } from '../run-record.ts';
import { composeFileOf, runSetup } from './docker-compose.ts';

export interface RotateOptions {
  readonly lite: boolean;
  readonly native: boolean;
}

/** Renews what the programs know each other by; keys of providers are the operator's. @returns what is left to do */
export async function rotateSecrets(root: string, options: RotateOptions): Promise<string> {
  if (options.native) return rotateNatively(join(root, '.understudy'));
  const file = composeFileOf(options);
  const said = await runSetup(root, file, 'rotate');
  return `${said.trim()}\nNow: docker compose -f ${file} up -d --force-recreate`;
}

function rotateNatively(state: string): string {
  const record = readRunRecord(runRecordFile(state));
  if (record && isRunning(record))
    throw new CommandError(
      'Understudy runs; stop it first, else its parts would no longer know each other',
      EXIT.failed,
    );
  for (const name of ['secrets', 'token']) rmSync(join(state, name), { recursive: true, force: true });
  return 'The credentials are gone; the next npm start makes new ones.';
}
