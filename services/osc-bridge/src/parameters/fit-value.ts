import { bool, float, integer, type OscArgument } from '../osc/osc-message.ts';
import type { ParameterFact, ParameterKind, ParameterValue } from './avatar-parameters.ts';

/** Why a parameter is left out of an expression. */
export type Unfit = 'missing' | 'read_only' | 'wrong_type' | 'out_of_range';

export type Fitted =
  | { readonly ok: true; readonly argument: OscArgument }
  | { readonly ok: false; readonly reason: Unfit };

const unfit = (reason: Unfit): Fitted => ({ ok: false, reason });
const fit = (argument: OscArgument): Fitted => ({ ok: true, argument });

/** VRChat syncs an int as 0..255 and a float as -1..1. Source: docs.vrchat.com, osc-avatar-parameters. */
const asKind: Record<ParameterKind, (value: ParameterValue) => Fitted> = {
  bool: (value) =>
    value === true || value === 1
      ? fit(bool(true))
      : value === false || value === 0
        ? fit(bool(false))
        : unfit('wrong_type'),
  int: (value) => {
    if (!Number.isInteger(Number(value))) return unfit('wrong_type');
    return Number(value) >= 0 && Number(value) <= 255 ? fit(integer(Number(value))) : unfit('out_of_range');
  },
  float: (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return unfit('wrong_type');
    return Math.abs(value) <= 1 ? fit(float(value)) : unfit('out_of_range');
  },
};

/** No float of an avatar is beyond 1. */
const likelyKind = (value: ParameterValue): ParameterKind =>
  typeof value === 'boolean' ? 'bool' : Math.abs(value) > 1 ? 'int' : 'float';

/** The value with the type that the avatar's parameter has, or is likely to have. */
export function fitValue(fact: ParameterFact | 'unknown' | 'missing', value: ParameterValue): Fitted {
  if (fact === 'missing') return unfit('missing');
  if (fact === 'unknown') return asKind[likelyKind(value)](value);
  return fact.writable ? asKind[fact.kind](value) : unfit('read_only');
}
