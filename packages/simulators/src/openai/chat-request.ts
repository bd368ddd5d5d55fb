import { apiErrors } from './api-error.ts';
import { ApiErrorAnswer, isObject, type JsonObject, requireText } from './exchange.ts';

export interface ChatMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool' | 'function';
  readonly content: string;
  readonly name?: string;
}

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly maxTokens: number | undefined;
}

const ROLES: readonly string[] = [
  'system',
  'developer',
  'user',
  'assistant',
  'tool',
  'function',
] satisfies ChatMessage['role'][];

/** Checks the body of `POST /chat/completions`. @throws ApiErrorAnswer 400 with OpenAI's words. */
export function readChatRequest(body: JsonObject): ChatRequest {
  const model = requireText(body, 'model');
  const { messages, stream, stream_options: streamOptions } = body;
  if (messages === undefined) throw new ApiErrorAnswer(apiErrors.missing('messages'));
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new ApiErrorAnswer(apiErrors.invalid('messages', 'expected an array with at least one message.'));
  }
  if (streamOptions !== undefined && streamOptions !== null && stream !== true) {
    throw new ApiErrorAnswer(apiErrors.invalid('stream_options', "only allowed when 'stream' is enabled."));
  }
  return {
    model,
    messages: messages.map(readMessage),
    stream: stream === true,
    includeUsage: isObject(streamOptions) && streamOptions['include_usage'] === true,
    maxTokens: readMaxTokens(body),
  };
}

function readMessage(message: unknown, index: number): ChatMessage {
  const param = `messages[${index}]`;
  if (!isObject(message)) throw new ApiErrorAnswer(apiErrors.invalid(param, 'expected an object.'));
  const role = requireRole(message['role'], param);
  const { name } = message;
  return {
    role,
    content: readContent(message['content'], `${param}.content`, role),
    ...(typeof name === 'string' ? { name } : {}),
  };
}

function requireRole(role: unknown, param: string): ChatMessage['role'] {
  if (isRole(role)) return role;
  throw new ApiErrorAnswer(apiErrors.invalid(`${param}.role`, `'${String(role)}' is not one of ${ROLES.join(', ')}.`));
}

const isRole = (role: unknown): role is ChatMessage['role'] => typeof role === 'string' && ROLES.includes(role);

/** A text, or parts of which the texts count. */
function readContent(content: unknown, param: string, role: ChatMessage['role']): string {
  if (typeof content === 'string') return content;
  // Only the assistant may have none: when it called a tool.
  if ((content === null || content === undefined) && role === 'assistant') return '';
  if (!Array.isArray(content))
    throw new ApiErrorAnswer(apiErrors.invalid(param, 'expected a string or an array of parts.'));
  return content
    .map((part: unknown) => (isObject(part) && part['type'] === 'text' ? String(part['text'] ?? '') : ''))
    .join('\n');
}

function readMaxTokens(body: JsonObject): number | undefined {
  const param = body['max_completion_tokens'] === undefined ? 'max_tokens' : 'max_completion_tokens';
  const limit = body[param];
  if (limit === undefined || limit === null) return undefined;
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1) return limit;
  throw new ApiErrorAnswer(apiErrors.invalid(param, 'expected an integer of at least 1.'));
}
