import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApiError, apiErrors } from './api-error.ts';

/** One request to one provider. */
export interface Exchange {
  readonly provider: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Thrown by a handler to answer with an API error. */
export class ApiErrorAnswer extends Error {
  override readonly name = 'ApiErrorAnswer';
  readonly code = 'SIMULATOR_API_ERROR';
  readonly apiError: ApiError;
  constructor(apiError: ApiError) {
    super(apiError.body.message);
    this.apiError = apiError;
  }
}

/** OpenAI indents its JSON: by two in answers, by four in errors. */
export function sendJson({ response }: Exchange, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(body, null, 2)}\n`);
}

export function sendApiError({ response }: Exchange, { status, headers = {}, body }: ApiError): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(`${JSON.stringify({ error: body }, null, 4)}\n`);
}

/** OpenAI's limit for an upload, with room for the form around it. */
const MAX_BODY_BYTES = 26_214_400;

/** @throws ApiErrorAnswer 413 beyond MAX_BODY_BYTES. */
export async function readBody({ request }: Exchange): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    // Read to the end, not kept: leaving the loop would cut the connection, and the answer with it.
    if (bytes <= MAX_BODY_BYTES) parts.push(part);
  }
  if (bytes > MAX_BODY_BYTES) throw new ApiErrorAnswer(apiErrors.tooLarge(bytes, MAX_BODY_BYTES));
  return Buffer.concat(parts);
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws ApiErrorAnswer 400 when the body is no JSON object. */
export async function readJsonObject(exchange: Exchange): Promise<JsonObject> {
  const text = (await readBody(exchange)).toString('utf8');
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) return parsed;
  } catch {
    // Answered below, as for JSON that is not an object.
  }
  throw new ApiErrorAnswer(apiErrors.brokenJson());
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws ApiErrorAnswer 400 when it is missing or no text. */
export function requireText(body: JsonObject, param: string): string {
  const value = body[param];
  if (value === undefined || value === null) throw new ApiErrorAnswer(apiErrors.missing(param));
  if (typeof value !== 'string')
    throw new ApiErrorAnswer(apiErrors.invalid(param, `expected a string, got ${typeof value}.`));
  return value;
}
