import { redact } from '../telemetry/index.ts';

/** As ContextSchema takes it; the size keeps an error event far below NATS' limit. */
const MAX_FIELDS = 32;
const MAX_NAME_LENGTH = 64;
const MAX_CHARACTERS = 16_384;

/** Facts that may travel: redacted, only JSON, of a bounded number and size. */
export function boundedFacts(facts: object): Record<string, unknown> {
  const plain = redact(facts);
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) return {};
  let left = MAX_CHARACTERS;
  const fit = Object.entries(plain)
    .slice(0, MAX_FIELDS)
    .map(([name, value]) => {
      const length = JSON.stringify(value).length;
      if (length > left) return [name.slice(0, MAX_NAME_LENGTH), `[cut: ${length} characters]`];
      left -= length;
      return [name.slice(0, MAX_NAME_LENGTH), value];
    });
  return Object.fromEntries(fit);
}
