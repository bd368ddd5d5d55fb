import type { InputResponse } from '@understudy/shared/contracts';
import type { Paint } from './colours.ts';

/** What the bot said, and below it how it came about. */
export function replyText(reply: InputResponse, paint: Paint, phrase = (text: string) => text): string {
  const source = reply.fallback_used ? `${reply.source}, a fallback` : reply.source;
  const errors = (reply.errors ?? []).map(
    (error) =>
      `  ${error.error_code}: ${error.user_message}  (${phrase('npx understudy incidents')} --error ${error.error_id})`,
  );
  return [
    reply.message,
    paint('quiet', `  [from ${source}; mode ${reply.mode}; trace ${reply.trace_id}]`),
    ...errors,
  ].join('\n');
}
