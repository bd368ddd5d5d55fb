/** The error of a body, in whatever dialect it came. */
export interface ErrorBody {
  /** A chat API's error, and no page of a proxy or other server. */
  readonly isError: boolean;
  readonly code?: string;
  /** llama.cpp, vLLM and OpenRouter have a number there, which is mostly an HTTP status. */
  readonly numericCode?: number;
  readonly type?: string;
  /** Of llama.cpp: what the model takes. */
  readonly contextTokens?: number;
  /** Words that stand beside the message: OpenRouter's upstream, Azure's inner code. */
  readonly details: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, 4000) : undefined;

/** Gemini sends a list of one; gateways wrap an error into another. */
function unwrap(value: unknown, depth = 0): unknown {
  if (depth > 3) return value;
  if (Array.isArray(value)) return unwrap(value[0], depth + 1);
  if (isFields(value) && value['message'] === undefined && value['error'] !== undefined)
    return unwrap(value['error'], depth + 1);
  return value;
}

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

/** @param body what the `openai` client found under `error`, or the whole body where there is no such field */
export function readErrorBody(body: unknown): ErrorBody {
  const error = unwrap(body);
  if (typeof error === 'string') return { isError: true, details: [error.slice(0, 4000)] };
  const fields = fieldsOf(error);
  const inner = fieldsOf(fields['innererror']);
  const metadata = fieldsOf(fields['metadata']);
  const { code, n_ctx: contextTokens } = fields;
  const named = textOf(code) ?? textOf(fields['status']) ?? textOf(inner['code']);
  const type = textOf(fields['type']);
  const details = [inner['code'], metadata['raw']].flatMap((part) => textOf(part) ?? []);
  return {
    isError: textOf(fields['message']) !== undefined,
    details,
    ...(named === undefined ? {} : { code: named }),
    ...(typeof code === 'number' ? { numericCode: code } : {}),
    ...(type === undefined ? {} : { type }),
    ...(typeof contextTokens === 'number' && contextTokens > 0 ? { contextTokens } : {}),
  };
}
