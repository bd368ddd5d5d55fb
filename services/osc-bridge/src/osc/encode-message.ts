import { encode } from 'node-osc';
import type { OscMessage } from './osc-message.ts';

/** @throws TypeError for what no receiver could read: a number that is not finite, a NUL within a text */
export function encodeMessage({ address, args }: OscMessage): Buffer {
  for (const { type, value } of args) {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${address}: ${value} is no ${type}`);
    if (type === 'integer' && (value < -0x80000000 || value > 0x7fffffff || !Number.isInteger(value)))
      throw new TypeError(`${address}: ${value} is no 32-bit integer`);
    if (typeof value === 'string' && value.includes('\0'))
      throw new TypeError(`${address}: a NUL would end the text early`);
  }
  return encode({ oscType: 'message', address, args: [...args] });
}
