/** Words of a field's name that make its value a secret, whatever the value is. */
const ALWAYS = new Set(['password', 'passwd', 'pwd', 'passphrase', 'secret', 'secrets']);

/** Words that make a text or an object secret; a number (`max_tokens: 100`) or a flag (`auth: true`) is none. */
const UNLESS_COUNT = new Set([
  'token',
  'tokens',
  'apikey',
  'apikeys',
  'authorization',
  'auth',
  'authcookie',
  'cookie',
  'cookies',
  'credential',
  'credentials',
  'key',
  'keys',
]);

/** Names that end in `key` and name a place, not a secret. */
const PLACES = new Set(['cache', 'kv', 'dedupe', 'idempotency', 'lookup', 'partition', 'public', 'routing', 'sort']);

/** Names come from code, but a map's keys may come from outside: the memory of them is bounded. */
const MAX_REMEMBERED = 2000;

export type NameVerdict = 'plain' | 'secret-unless-count' | 'secret';

const remembered = new Map<string, NameVerdict>();

function judge(name: string): NameVerdict {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  if (words.some((word) => ALWAYS.has(word))) return 'secret';
  const names = words.filter((word) => UNLESS_COUNT.has(word));
  if (names.length === 0) return 'plain';
  const isPlace = names.every((word) => word === 'key' || word === 'keys') && words.some((word) => PLACES.has(word));
  return isPlace ? 'plain' : 'secret-unless-count';
}

/** Is the value of a field with this name a secret? Camel case, snake case and header case alike. */
export function judgeName(name: string): NameVerdict {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const verdict = judge(name);
  if (remembered.size < MAX_REMEMBERED) remembered.set(name, verdict);
  return verdict;
}
