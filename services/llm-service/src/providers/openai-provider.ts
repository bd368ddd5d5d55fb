import type { LlmProvider } from '@understudy/shared/config';
import { defineError, type ErrorCode, isServiceError, ServiceError } from '@understudy/shared/errors';
import type { ApiKey } from '@understudy/shared/providers';
import { loopbackHint } from '@understudy/shared/providers';
import type { Clock } from '@understudy/shared/service';
import OpenAI from 'openai';
import { isOfOllama, readAnswerChunk, readUsage, type Usage } from './answer-chunk.ts';
import { createAnswerDeadlines } from './answer-deadlines.ts';
import { createAnswerFetch } from './answer-fetch.ts';
import type { AnswerPart, ChatMessage, ChatProvider, ChatQuestion, TokensUsed } from './chat-provider.ts';
import { classifyFailure } from './classify-failure.ts';
import { estimatePrompt, estimateTokens } from './estimate-tokens.ts';
import { failureFacts } from './failure-facts.ts';
import { createRequestDialect } from './request-dialect.ts';

const toMessage = ({ role, content, name }: ChatMessage): OpenAI.ChatCompletionMessageParam =>
  name === undefined ? { role, content } : { role, content, name };

export interface ProviderSurroundings {
  readonly clock: Pick<Clock, 'now'>;
  /** This process is in a container, where 127.0.0.1 is the container and not the host. */
  readonly isInContainer?: boolean;
  /** Once for each answer that was begun, also for one that broke off. */
  readonly onUsage?: (used: TokensUsed) => void;
}

/** Any OpenAI-compatible endpoint, by `chat.completions`: local servers rarely have another. */
export function createOpenAiProvider(
  settings: LlmProvider,
  apiKey: ApiKey,
  { clock, isInContainer = false, onUsage = () => {} }: ProviderSurroundings,
): ChatProvider {
  const { name, model, base_url, max_tokens: maxTokens } = settings;
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
    fetch: createAnswerFetch((what) => failure('LLM_BAD_RESPONSE', what)),
  });
  const dialect = createRequestDialect();
  let isOllama = false;

  const hintFor = (code: ErrorCode, errno: string | undefined): string => {
    if (code === 'LLM_UNREACHABLE' && isInContainer) return loopbackHint(base_url, errno);
    return code === 'LLM_TIMEOUT' && isOllama
      ? 'Ollama may have unloaded the model and be loading it again: OLLAMA_KEEP_ALIVE=-1 keeps it. '
      : '';
  };

  const failure = (
    code: ErrorCode,
    what: string,
    more: { retryAfterMs?: number; contextTokens?: number; errno?: string; cause?: unknown } = {},
  ) => {
    const { retryAfterMs, contextTokens, errno, cause } = more;
    return new ServiceError(
      code,
      `Provider ${name} at ${at} (model ${model}) ${what}. ${hintFor(code, errno)}${defineError(code).remedy}`,
      {
        subject: name,
        context: { provider: name, model, at, ...(contextTokens === undefined ? {} : { contextTokens }) },
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        ...(cause === undefined ? {} : { cause }),
      },
    );
  };

  const open = (question: ChatQuestion, signal: AbortSignal) =>
    dialect.ask((fields) =>
      client.chat.completions.create(
        {
          model,
          messages: question.messages.map(toMessage),
          stream: true,
          ...fields(question.maxTokens ?? maxTokens),
        },
        { signal },
      ),
    );

  /** Whatever was thrown, as the failure of this provider; the caller's own abort stays what it was. */
  function toFailure(error: unknown, call: Parameters<typeof failureFacts>[1], caller: AbortSignal): unknown {
    if (isServiceError(error)) return error;
    if (caller.aborted) return caller.reason;
    const facts = failureFacts(error, call, clock.now());
    const { code, what } = classifyFailure(facts);
    return failure(code, what, { ...facts, cause: error });
  }

  const readPart = (chunk: unknown) => {
    const read = readAnswerChunk(chunk);
    if (read.type === 'malformed') throw failure('LLM_BAD_RESPONSE', `sent a chunk that is none: ${read.reason}`);
    if (read.type === 'refusal') throw failure('LLM_REFUSAL', 'declined to answer');
    if (read.type === 'filtered') throw failure('LLM_CONTENT_FILTERED', 'stopped its answer by its content filter');
    return read;
  };

  async function* ask(question: ChatQuestion, caller: AbortSignal): AsyncGenerator<AnswerPart> {
    if (!apiKey.ok) throw failure('LLM_BAD_KEY', `cannot be asked: ${apiKey.reason}`);
    const deadlines = createAnswerDeadlines(question, caller);
    let streaming = false;
    let text = '';
    let isFinished = false;
    let usage: Usage | undefined;
    const isProof = question.maxTokens !== undefined;
    try {
      for await (const chunk of await open(question, deadlines.signal)) {
        streaming = true;
        usage = readUsage(chunk) ?? usage;
        isOllama ||= isOfOllama(chunk);
        if (isFinished) continue;
        const read = readPart(chunk);
        if (read.text !== '') {
          text += read.text;
          deadlines.hold();
          yield { type: 'text', text: read.text };
          deadlines.onText();
        }
        if (read.finish === undefined) continue;
        // A single token asked for may well be one of a model's silent thoughts.
        if (text.trim() === '' && !(isProof && read.finish === 'length'))
          throw failure(
            'LLM_EMPTY_RESPONSE',
            read.finish === 'length' ? 'only thought, up to its longest answer' : 'sent an empty answer',
          );
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
      const estimatedInput = estimatePrompt(question.messages);
      const counted = usage ?? { input: estimatedInput, output: estimateTokens(text) };
      const isEstimate = usage === undefined;
      if (streaming) onUsage({ ...counted, estimatedInput, isEstimate, isOfOllama: isOllama, isProof });
    }
  }

  return { name, maxTokens, ask };
}
