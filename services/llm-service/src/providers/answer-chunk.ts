import { createValidator } from '@understudy/shared/contracts';
import Type from 'typebox';

const count = Type.Number({ minimum: 0, maximum: 1e9 });

const Words = Type.Object({
  content: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  refusal: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});

/** What we read of a chunk; servers add much. `message`: of one that does not stream, the whole answer. */
const AnswerChunkSchema = Type.Object({
  choices: Type.Array(
    Type.Object({
      delta: Type.Optional(Words),
      message: Type.Optional(Words),
      finish_reason: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
  ),
});

/** Apart from the rest: a server that counts strangely still answers. */
const UsageSchema = Type.Object({ usage: Type.Object({ prompt_tokens: count, completion_tokens: count }) });

const validate = createValidator(AnswerChunkSchema);
const validateUsage = createValidator(UsageSchema);

export interface Usage {
  /** Tokens of the prompt. */
  readonly input: number;
  /** Tokens of the answer, silent thoughts included. */
  readonly output: number;
}

export type AnswerChunk =
  | { readonly type: 'malformed'; readonly reason: string }
  | { readonly type: 'refusal' }
  | { readonly type: 'filtered' }
  | { readonly type: 'delta'; readonly text: string; readonly finish?: 'stop' | 'length' };

/** One chunk of the stream, whatever the server made of it. The closing usage chunk has no choices: an empty delta. */
export function readAnswerChunk(chunk: unknown): AnswerChunk {
  const checked = validate(chunk);
  if (!checked.ok) return { type: 'malformed', reason: checked.reason };
  const [choice] = checked.value.choices;
  const words = choice?.delta ?? choice?.message;
  if (words?.refusal) return { type: 'refusal' };
  // Gemini's adds the reason: "content_filter: SAFETY".
  if (choice?.finish_reason?.startsWith('content_filter')) return { type: 'filtered' };
  const text = words?.content ?? '';
  const isWhole = choice?.delta === undefined && choice?.message !== undefined;
  if (!choice?.finish_reason && !isWhole) return { type: 'delta', text };
  return { type: 'delta', text, finish: choice?.finish_reason === 'length' ? 'length' : 'stop' };
}

/** What the chunk says of tokens; mostly nothing, mostly only the last one does. */
export function readUsage(chunk: unknown): Usage | undefined {
  const checked = validateUsage(chunk);
  if (!checked.ok) return undefined;
  const { prompt_tokens: input, completion_tokens: output } = checked.value.usage;
  return { input, output };
}

const validateServer = createValidator(Type.Object({ system_fingerprint: Type.Literal('fp_ollama') }));

/** Ollama signs each chunk. */
export const isOfOllama = (chunk: unknown): boolean => validateServer(chunk).ok;
