import { NOTICE_STATES } from '@understudy/shared/contracts';
import { CommandError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import { parseDuration } from '../format/duration.ts';
import { noticeList } from '../format/notice-text.ts';
import type { CommandContext } from './command-context.ts';

export interface NoticesOptions {
  readonly state?: string;
  readonly policy?: string;
  readonly last?: string;
  readonly limit?: string;
}

export async function notices({ client, answer }: CommandContext, options: NoticesOptions): Promise<void> {
  const { state, policy, last, limit } = options;
  if (state !== undefined && !NOTICE_STATES.some((known) => known === state))
    throw new CommandError(`--state ${state} is not one of ${NOTICE_STATES.join(', ')}`, EXIT.usage);
  if (limit !== undefined && !/^[1-9]\d{0,3}$/.test(limit))
    throw new CommandError(`--limit ${limit} is not a number from 1 to 9999`, EXIT.usage);
  const lastMs = last === undefined ? undefined : parseDuration(last);
  if (last !== undefined && lastMs === undefined)
    throw new CommandError(`--last ${last} is not a time such as 30s, 10m or 2h`, EXIT.usage);
  const list = await client.notices({
    ...(state === undefined ? {} : { state }),
    ...(policy === undefined ? {} : { policy }),
    ...(lastMs === undefined ? {} : { since: new Date(Date.now() - lastMs).toISOString() }),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
  });
  answer(noticeList(list), { notices: list });
}

export async function notifyTest({ client, answer, paint }: CommandContext): Promise<void> {
  const result = await client.notifyTest();
  const verdict = result.ok
    ? paint('good', 'Everything that is configured was reached.')
    : paint('bad', 'Not all was reached.');
  answer(`${result.words}\n${verdict}`, result);
  if (!result.ok) throw new CommandError('the test notice did not reach every receiver', EXIT.failed);
}
