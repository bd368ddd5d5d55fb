import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

export type Validated<T> = { ok: true; value: T } | { ok: false; reason: string };

/**
 * Compiles once, at the first use: a start loads many schemas (1 ms each) and meets few of them.
 * The reason names the place and what is wrong there, never the value (it may be a secret).
 */
export function createValidator<S extends TSchema>(schema: S): (data: unknown) => Validated<Static<S>> {
  const compile = () => Compile(schema);
  let known: ReturnType<typeof compile> | undefined;
  return (data) => {
    known ??= compile();
    if (known.Check(data)) return { ok: true, value: data as Static<S> };
    const first = [...known.Errors(data)].find((error) => error.keyword !== 'boolean');
    return {
      ok: false,
      reason: first ? `${first.instancePath || '/'}: ${first.message}` : 'does not match the schema',
    };
  };
}
