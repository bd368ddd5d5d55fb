import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

export type Validated<T> = { ok: true; value: T } | { ok: false; reason: string };

/** Compiles once; the reason names the place and what is wrong there, never the value (it may be a secret). */
export function createValidator<S extends TSchema>(schema: S): (data: unknown) => Validated<Static<S>> {
  const compiled = Compile(schema);
  return (data) => {
    if (compiled.Check(data)) return { ok: true, value: data as Static<S> };
    const first = [...compiled.Errors(data)].find((error) => error.keyword !== 'boolean');
    return {
      ok: false,
      reason: first ? `${first.instancePath || '/'}: ${first.message}` : 'does not match the schema',
    };
  };
}
