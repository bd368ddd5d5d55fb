/** Types are always said: a number alone would be sent as an integer when it is whole, and VRChat drops a wrong type. */
export type OscArgument =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'integer'; readonly value: number }
  | { readonly type: 'float'; readonly value: number };

export interface OscMessage {
  readonly address: string;
  readonly args: readonly OscArgument[];
}

export const text = (value: string): OscArgument => ({ type: 'string', value });
export const bool = (value: boolean): OscArgument => ({ type: 'boolean', value });
export const integer = (value: number): OscArgument => ({ type: 'integer', value });
export const float = (value: number): OscArgument => ({ type: 'float', value });

export const message = (address: string, ...args: OscArgument[]): OscMessage => ({ address, args });
