import { createValidator } from '@understudy/shared/contracts';
import Type from 'typebox';

/** What we read of a chunk; servers add much. */
const AnswerChunkSchema = Type.Object({
  choices: Type.Array(
    Type.Object({
      delta: Type.Optional(
        Type.Object({
          content: Type.Optional(Type.Union([Type.String(), Type.Null()])),
          refusal: Type.Optional(Type.Union([Type.String(), Type.Null()])),
        }),
      ),
      finish_reason: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
  ),
});

const validate = createValidator(AnswerChunkSchema);

export type AnswerChunk =
  | { readonly type: 'malformed'; readonly reason: string }
  | { readonly type: 'refusal' }
  | { readonly type: 'delta'; readonly text: string; readonly finish?: 'stop' | 'length' };

/** One chunk of the stream, whatever the server made of it. The closing usage chunk has no choices: an empty delta. */
export function readAnswerChunk(chunk: unknown): AnswerChunk {
  const checked = validate(chunk);
  if (!checked.ok) return { type: 'malformed', reason: checked.reason };
  const [choice] = checked.value.choices;
  if (choice?.delta?.refusal || choice?.finish_reason === 'content_filter') return { type: 'refusal' };
  const text = choice?.delta?.content ?? '';
  if (!choice?.finish_reason) return { type: 'delta', text };
  return { type: 'delta', text, finish: choice.finish_reason === 'length' ? 'length' : 'stop' };
}
