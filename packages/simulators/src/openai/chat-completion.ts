import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { apiErrors } from './api-error.ts';
import { type ChatRequest, readChatRequest } from './chat-request.ts';
import { ApiErrorAnswer, type Exchange, type JsonObject, sendJson } from './exchange.ts';
import { replyTo } from './in-character-reply.ts';
import { requireModel } from './models.ts';
import type { FaultEffect } from './provider-faults.ts';
import { countTokens, toPieces } from './tokens.ts';

const CONTEXT_TOKENS = 128_000;
/** Pieces sent before `stall` and `cut` strike. */
const PIECES_BEFORE_FAULT = 2;
/** As OpenAI's models decline. */
const REFUSAL = "I'm sorry, I can't assist with that.";
const SYSTEM_FINGERPRINT = 'fp_560af6e559';

export interface ChatOptions {
  readonly models: readonly string[];
  /** Between two pieces of a stream, ms. */
  readonly pieceIntervalMs: number;
  readonly now: () => number;
}

interface Completion {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly pieces: readonly string[];
  readonly finishReason: 'stop' | 'length' | 'content_filter';
  readonly usage: ReturnType<typeof usageOf>;
}

/** Answers `POST /chat/completions`, streamed or whole. @throws ApiErrorAnswer */
export async function answerChat(
  exchange: Exchange,
  body: JsonObject,
  effect: FaultEffect | undefined,
  options: ChatOptions,
) {
  const request = readChatRequest(body);
  requireModel(options.models, request.model);
  const promptTokens = request.messages.reduce((sum, { content }) => sum + countTokens(content) + 4, 3);
  if (promptTokens > CONTEXT_TOKENS) throw new ApiErrorAnswer(apiErrors.contextTooLong(promptTokens, CONTEXT_TOKENS));
  const completion = complete(request, promptTokens, effect, options.now());
  if (request.stream) await stream(exchange, request, completion, effect, options.pieceIntervalMs);
  else sendWhole(exchange, completion, effect);
}

function complete(
  request: ChatRequest,
  promptTokens: number,
  effect: FaultEffect | undefined,
  now: number,
): Completion {
  const silent = effect?.type === 'refuse' || effect?.type === 'filter' || effect?.type === 'empty';
  const all = silent ? [] : toPieces(replyTo(request.messages));
  const pieces = all.slice(0, request.maxTokens);
  return {
    id: `chatcmpl-${randomBytes(22).toString('base64url').slice(0, 29)}`,
    created: Math.floor(now / 1000),
    model: request.model,
    pieces,
    finishReason: effect?.type === 'filter' ? 'content_filter' : pieces.length < all.length ? 'length' : 'stop',
    usage: usageOf(promptTokens, pieces.length),
  };
}

const usageOf = (promptTokens: number, completionTokens: number) => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: promptTokens + completionTokens,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
});

function sendWhole(exchange: Exchange, completion: Completion, effect: FaultEffect | undefined): void {
  const { id, created, model, pieces, finishReason, usage } = completion;
  const body = {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: pieces.join(''),
          refusal: effect?.type === 'refuse' ? REFUSAL : null,
          annotations: [],
        },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    usage,
    service_tier: 'default',
    system_fingerprint: SYSTEM_FINGERPRINT,
  };
  if (effect?.type === 'cut' || effect?.type === 'stall') {
    sendHalf(exchange, JSON.stringify(body, null, 2), effect.type);
  } else {
    sendJson(exchange, body);
  }
}

/** Half of a body whose length was announced; then the socket dies, or nothing more comes. */
function sendHalf({ response }: Exchange, body: string, fault: 'cut' | 'stall'): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.write(body.slice(0, body.length / 2), () => {
    if (fault === 'cut') response.socket?.destroy();
  });
}

async function stream(
  { response }: Exchange,
  { includeUsage }: ChatRequest,
  completion: Completion,
  effect: FaultEffect | undefined,
  pieceIntervalMs: number,
): Promise<void> {
  const { id, created, model, pieces, finishReason, usage } = completion;
  const head = {
    ...{ id, object: 'chat.completion.chunk', created, model },
    ...{ service_tier: 'default', system_fingerprint: SYSTEM_FINGERPRINT },
  };
  const send = (choices: readonly unknown[], usageNow: unknown = null): void => {
    const chunk = { ...head, choices, ...(includeUsage ? { usage: usageNow } : {}) };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  const choice = (delta: object, finish: string | null) => [{ index: 0, delta, logprobs: null, finish_reason: finish }];

  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  send(choice({ role: 'assistant', content: '', refusal: null }, null));
  for (const [index, piece] of pieces.entries()) {
    if (response.destroyed) return;
    if (index === PIECES_BEFORE_FAULT && effect?.type === 'stall') return;
    if (index === PIECES_BEFORE_FAULT && effect?.type === 'cut') {
      response.socket?.destroy();
      return;
    }
    send(choice({ content: piece }, null));
    await delay(pieceIntervalMs);
  }
  if (effect?.type === 'refuse') send(choice({ refusal: REFUSAL }, null));
  send(choice({}, finishReason));
  if (includeUsage) send([], usage);
  response.end('data: [DONE]\n\n');
}
