import type { LlmProvider } from '@understudy/shared/config';
import { defineError, type ErrorCode, isServiceError, ServiceError } from '@understudy/shared/errors';
import type { ApiKey } from '@understudy/shared/providers';
import type { Clock } from '@understudy/shared/service';
import OpenAI from 'openai';
import { readAnswerChunk } from './answer-chunk.ts';
import { createAnswerDeadlines } from './answer-deadlines.ts';
import type { AnswerPart, ChatMessage, ChatProvider, ChatQuestion } from './chat-provider.ts';
import { classifyFailure } from './classify-failure.ts';
import { failureFacts } from './failure-facts.ts';

/** Old servers know only the first, new OpenAI models only the second. */
type TokenLimitField = 'max_tokens' | 'max_completion_tokens';

const wantsTheOtherField = (error: unknown, field: TokenLimitField): boolean =>
  error instanceof OpenAI.BadRequestError && error.code === 'unsupported_parameter' && error.param === field;

const toMessage = ({ role, content, name }: ChatMessage): OpenAI.ChatCompletionMessageParam =>
  name === undefined ? { role, content } : { role, content, name };

/** Any OpenAI-compatible endpoint, by `chat.completions`: local servers rarely have another. */
export function createOpenAiProvider(settings: LlmProvider, apiKey: ApiKey, clock: Pick<Clock, 'now'>): ChatProvider {
  const { name, model, base_url } = settings;
  const at = new URL(base_url).host;
  // Everything is given: what is left out the client would read from the environment.
  const client = new OpenAI({
    baseURL: base_url,
    apiKey: apiKey.ok ? apiKey.key : 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    maxRetries: 0,
    logLevel: 'off',
  });
  let tokenLimitField: TokenLimitField = 'max_tokens';

  const failure = (code: ErrorCode, what: string, retryAfterMs?: number, cause?: unknown) =>
    new ServiceError(code, `Provider ${name} at ${at} (model ${model}) ${what}. ${defineError(code).remedy}`, {
      subject: name,
      context: { provider: name, model, at },
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(cause === undefined ? {} : { cause }),
    });

  const open = (question: ChatQuestion, signal: AbortSignal) =>
    client.chat.completions.create(
      {
        model,
        messages: question.messages.map(toMessage),
        stream: true,
        [tokenLimitField]: question.maxTokens ?? settings.max_tokens,
      },
      { signal },
    );

  async function openEitherWay(question: ChatQuestion, signal: AbortSignal) {
    try {
      return await open(question, signal);
    } catch (error) {
      if (!wantsTheOtherField(error, tokenLimitField)) throw error;
      tokenLimitField = tokenLimitField === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
      return open(question, signal);
    }
  }

  /** Whatever was thrown, as the failure of this provider; the caller's own abort stays what it was. */
  function toFailure(error: unknown, call: Parameters<typeof failureFacts>[1], caller: AbortSignal): unknown {
    if (isServiceError(error)) return error;
    if (caller.aborted) return caller.reason;
    const facts = failureFacts(error, call, clock.now());
    const { code, what } = classifyFailure(facts);
    return failure(code, what, facts.retryAfterMs, error);
  }

  async function* ask(question: ChatQuestion, caller: AbortSignal): AsyncGenerator<AnswerPart> {
    if (!apiKey.ok) throw failure('LLM_BAD_KEY', `cannot be asked: ${apiKey.reason}`);
    const deadlines = createAnswerDeadlines(question, caller);
    let streaming = false;
    let hasText = false;
    let isFinished = false;
    try {
      for await (const chunk of await openEitherWay(question, deadlines.signal)) {
        streaming = true;
        const read = readAnswerChunk(chunk);
        if (read.type === 'malformed') throw failure('LLM_BAD_RESPONSE', `sent a chunk that is none: ${read.reason}`);
        if (read.type === 'refusal') throw failure('LLM_REFUSAL', 'declined to answer');
        if (isFinished) continue;
        if (read.text !== '') {
          hasText ||= read.text.trim() !== '';
          deadlines.onText();
          yield { type: 'text', text: read.text };
        }
        if (read.finish === undefined) continue;
        // A single token asked for may well be one of a model's silent thoughts.
        const isProof = question.maxTokens !== undefined && read.finish === 'length';
        if (!hasText && !isProof) throw failure('LLM_EMPTY_RESPONSE', 'sent an empty answer');
        isFinished = true;
        deadlines.onFinish();
        yield { type: 'end', reason: read.finish };
      }
      // An aborted stream ends without a word, and so does a page of HTML (protocols.md, section 6).
      if (isFinished) return;
      deadlines.signal.throwIfAborted();
      throw streaming
        ? failure('LLM_STALLED', 'ended its answer without a finish reason')
        : failure('LLM_BAD_RESPONSE', 'sent something that is no stream of chunks');
    } catch (error) {
      if (isFinished) return;
      const expired = deadlines.expired();
      throw toFailure(error, { streaming, ...(expired === undefined ? {} : { expired }) }, caller);
    } finally {
      deadlines.stop();
    }
  }

  return { name, ask };
}
