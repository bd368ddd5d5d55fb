import type { FaultRequest } from '@understudy/shared/contracts';
import { RefusedError } from '../client/call.ts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import { formatDuration, parseDuration } from '../format/duration.ts';
import type { CommandContext } from './command-context.ts';
import { faultOwner } from './fault-owner.ts';

const LONGEST_MS = 3_600_000;

export interface InjectOptions {
  readonly target?: string;
  readonly service?: string;
  readonly duration: string;
}

export async function inject(
  { client, answer, phrase }: CommandContext,
  fault: string,
  options: InjectOptions,
): Promise<void> {
  const found = faultOwner(fault, options.service);
  if (!found.ok) throw new CommandError(found.problem, EXIT.usage);
  const durationMs = parseDuration(options.duration);
  if (durationMs === undefined || durationMs < 1 || durationMs > LONGEST_MS)
    throw new CommandError(
      `--duration ${options.duration} is not a time such as 500ms, 5s or 2m, up to 1h`,
      EXIT.usage,
    );
  const { target } = options;
  const request: FaultRequest = { fault: found.fault, durationMs, ...(target === undefined ? {} : { target }) };
  const result = await client.inject(found.owner, request).catch((error: unknown) => {
    if (error instanceof RefusedError && error.status === 404)
      throw new CommandError('Faults are switched off. Start by: npm start -- --faults', EXIT.failed, { cause: error });
    throw error;
  });
  const where = target === undefined ? found.owner : `${target} of ${found.owner}`;
  answer(
    phrase(`${found.fault} for ${formatDuration(durationMs)} at ${where}. Watch it: npx understudy watch`),
    result,
  );
}
