import { REDACTED, redactText } from './redact-text.ts';
import { judgeName } from './secret-names.ts';

export { registerOwnHost, registerSecret } from './known-values.ts';
export { redactText } from './redact-text.ts';

export type Plain = string | number | boolean | null | Plain[] | { [name: string]: Plain };

/** Limits of one record: a log line is for people, and a line over Loki's 1 MB is refused. */
const MAX_DEPTH = 8;
const MAX_ITEMS = 100;
const MAX_NODES = 1000;
const MAX_CAUSES = 5;
const MAX_ERROR_FIELDS = 20;

interface Walk {
  nodes: number;
  readonly ancestors: object[];
}

/** What is kept of an error beside its own name, message and stack: only what cannot hide a record (`errno`, `status`, ...). */
function errorFields(error: Error): [string, string | number | boolean][] {
  return Object.entries(error)
    .filter((entry): entry is [string, string | number | boolean] =>
      ['string', 'number', 'boolean'].includes(typeof entry[1]),
    )
    .filter(([name]) => name !== 'name' && name !== 'message' && name !== 'stack')
    .slice(0, MAX_ERROR_FIELDS);
}

function redactError(error: Error, walk: Walk, causes: number): Plain {
  walk.nodes += 1;
  if (walk.nodes > MAX_NODES) return '[cut: too many values]';
  const shown: { [name: string]: Plain } = {
    type: redactText(String(error.name)),
    message: redactText(String(error.message)),
  };
  for (const [name, value] of errorFields(error)) shown[name] = redactField(name, value, walk);
  if (typeof error.stack === 'string') shown['stack'] = redactText(error.stack);
  if (causes < MAX_CAUSES) {
    if (error.cause instanceof Error) shown['cause'] = redactError(error.cause, walk, causes + 1);
    else if (error.cause !== undefined) shown['cause'] = redactValue(error.cause, walk);
    if (error instanceof AggregateError) {
      shown['errors'] = error.errors
        .slice(0, MAX_CAUSES)
        .map((inner) => (inner instanceof Error ? redactError(inner, walk, causes + 1) : redactValue(inner, walk)));
    }
  }
  return shown;
}

function redactItems(items: Iterable<unknown>, size: number, walk: Walk): Plain[] {
  const shown: Plain[] = [];
  for (const item of items) {
    if (shown.length === MAX_ITEMS) {
      shown.push(`[cut: ${size} items]`);
      break;
    }
    shown.push(redactValue(item, walk));
  }
  return shown;
}

function redactField(name: string, value: unknown, walk: Walk): Plain {
  const verdict = judgeName(name);
  if (verdict === 'plain' || value === null || value === undefined) return redactValue(value, walk);
  const isCount = typeof value === 'number' || typeof value === 'boolean';
  return verdict === 'secret-unless-count' && isCount ? redactValue(value, walk) : REDACTED;
}

function redactEntries(entries: Iterable<[unknown, unknown]>, walk: Walk): Plain {
  const shown: { [name: string]: Plain } = {};
  let count = 0;
  for (const [key, value] of entries) {
    if (value === undefined || typeof value === 'function' || typeof value === 'symbol') continue;
    if (count === MAX_ITEMS) {
      shown['[cut]'] = `more than ${MAX_ITEMS} fields`;
      break;
    }
    count += 1;
    const name = String(key);
    shown[redactText(name)] = redactField(name, value, walk);
  }
  return shown;
}

function redactObject(value: object, walk: Walk): Plain {
  if (value instanceof Error) return redactError(value, walk, 0);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return redactItems(value, value.length, walk);
  if (value instanceof Set) return redactItems(value, value.size, walk);
  if (value instanceof Map) return redactEntries(value.entries(), walk);
  if ('toJSON' in value && typeof value.toJSON === 'function') return redactValue(value.toJSON(), walk);
  return redactEntries(Object.entries(value), walk);
}

function redactValue(value: unknown, walk: Walk): Plain {
  walk.nodes += 1;
  if (walk.nodes > MAX_NODES) return '[cut: too many values]';
  switch (typeof value) {
    case 'string':
      return redactText(value);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
      return value;
    case 'bigint':
      return value.toString();
    case 'object': {
      if (value === null) return null;
      if (walk.ancestors.includes(value)) return '[circular]';
      if (walk.ancestors.length === MAX_DEPTH) return '[cut: too deep]';
      walk.ancestors.push(value);
      const shown = redactObject(value, walk);
      walk.ancestors.pop();
      return shown;
    }
    default:
      return null;
  }
}

/**
 * A copy of the value that holds no secret and no viewer's address, only JSON, of a bounded size.
 * Never throws: a getter that does is answered with `[unreadable]`.
 */
export function redact(value: unknown): Plain {
  try {
    return redactValue(value, { nodes: 0, ancestors: [] });
  } catch {
    return '[unreadable]';
  }
}
