import type { ParameterFact } from '../parameters/avatar-parameters.ts';
import type { ListedParameter } from './link.ts';

/** Only a bool that may be written can echo. */
export function listedAs(fact: ParameterFact | 'unknown' | 'missing'): ListedParameter {
  if (fact === 'unknown') return 'unknown';
  return fact !== 'missing' && fact.kind === 'bool' && fact.writable ? 'present' : 'absent';
}
