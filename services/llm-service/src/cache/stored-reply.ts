import { createValidator } from '@understudy/shared/contracts';
import Type, { type Static } from 'typebox';

const StoredReplySchema = Type.Object(
  {
    text: Type.String({ minLength: 1, maxLength: 4000 }),
    /** Which provider said it: for the reader of a dump. */
    by: Type.String({ minLength: 1, maxLength: 120 }),
  },
  { additionalProperties: false },
);
export type StoredReply = Static<typeof StoredReplySchema>;

const validate = createValidator(StoredReplySchema);

export const encodeReply = (reply: StoredReply): string => JSON.stringify(reply);

/** Redis is another process: what it gives back is checked like any input. */
export function decodeReply(
  value: string,
): { ok: true; reply: StoredReply } | { ok: false; reason: 'not_json' | 'schema' } {
  let data: unknown;
  try {
    data = JSON.parse(value);
  } catch {
    return { ok: false, reason: 'not_json' };
  }
  const checked = validate(data);
  return checked.ok ? { ok: true, reply: checked.value } : { ok: false, reason: 'schema' };
}
