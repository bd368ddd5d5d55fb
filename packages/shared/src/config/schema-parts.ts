import Type, { type TObject, type TSchema } from 'typebox';

/** A section whose every field has a default: an empty section means all of them. Unknown names are refused. */
export const section = <P extends Record<string, TSchema>>(properties: P, description: string): TObject<P> =>
  Type.Object(properties, { additionalProperties: false, default: {}, description });

export const ms = (value: number, description: string, maximum = 86_400_000) =>
  Type.Integer({ minimum: 1, maximum, default: value, description: `${description} Milliseconds.` });

export const count = (value: number, description: string, minimum = 1, maximum = 1_000_000) =>
  Type.Integer({ minimum, maximum, default: value, description });

/** A part of a whole. */
export const share = (value: number, description: string) =>
  Type.Number({ minimum: 0, maximum: 1, default: value, description });

export const flag = (value: boolean, description: string) => Type.Boolean({ default: value, description });

export const port = (value: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 65_535, default: value, description });

export const percent = (value: string, description: string) =>
  Type.String({ pattern: '^(100|[1-9]?[0-9])%$', default: value, description });

export const name = (description: string) => Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$', description });

export const loopback = (description: string) => Type.String({ minLength: 1, default: '127.0.0.1', description });

const CHANNEL = Type.Enum(['console', 'log_file']);
export const channels = (...values: ('console' | 'log_file')[]) =>
  Type.Array(CHANNEL, { default: values, description: 'Where the notice goes besides the receivers of Alertmanager.' });

/** A program's address. A password in it would be sent by nobody and shown by everybody. */
export const serverUrl = (description: string) =>
  Type.String({
    pattern: '^https?://[^\\s/@?#]+(/[^\\s@?#]*)?$',
    patternErrorMessage:
      'that is an address such as http://127.0.0.1:11434/v1, without user and password: a key is named by api_key_env or api_key_file',
    description,
  });
