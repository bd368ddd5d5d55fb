import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { FaultBoard } from '../faults/fault-board.ts';
import { apiErrors } from './api-error.ts';
import { answerChat, type ChatOptions } from './chat-completion.ts';
import { ApiErrorAnswer, type Exchange, readBody, readJsonObject, sendApiError, sendJson } from './exchange.ts';
import { describeModel, listModels, requireModel } from './models.ts';
import { type Endpoint, effectFor, type FaultEffect } from './provider-faults.ts';
import type { RequestLog } from './request-log.ts';
import { answerSpeech } from './speech.ts';
import { answerTranscription } from './transcription.ts';

interface ApiServerParts {
  readonly providers: readonly string[];
  readonly faults: FaultBoard;
  readonly log: RequestLog;
  readonly chat: ChatOptions;
}

/** The key that every provider refuses. */
const WRONG_KEY = 'wrong';

interface Route {
  readonly endpoint: Endpoint;
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly answer: (exchange: Exchange, effect: FaultEffect | undefined, match: RegExpExecArray) => unknown;
}

/** Listens to `/PROVIDER/v1/...` as OpenAI does to `/v1/...`. */
export function createApiServer({ providers, faults, log, chat }: ApiServerParts): RequestListener {
  const { models } = chat;
  const routes: readonly Route[] = [
    {
      endpoint: 'chat',
      method: 'POST',
      path: /^\/chat\/completions$/,
      answer: async (exchange, effect) => answerChat(exchange, await readJsonObject(exchange), effect, chat),
    },
    {
      endpoint: 'models',
      method: 'GET',
      path: /^\/models$/,
      answer: (exchange) => sendJson(exchange, listModels(models)),
    },
    {
      endpoint: 'models',
      method: 'GET',
      path: /^\/models\/(.+)$/,
      answer(exchange, _effect, [, model = '']) {
        requireModel(models, model);
        sendJson(exchange, describeModel(model));
      },
    },
    {
      endpoint: 'transcriptions',
      method: 'POST',
      path: /^\/audio\/transcriptions$/,
      answer: (exchange) => answerTranscription(exchange, models),
    },
    {
      endpoint: 'speech',
      method: 'POST',
      path: /^\/audio\/speech$/,
      answer: async (exchange, effect) => answerSpeech(exchange, await readJsonObject(exchange), effect, models),
    },
  ];

  const answer = async (exchange: Exchange, path: string): Promise<void> => {
    const method = exchange.request.method ?? 'GET';
    const fitting = routes.flatMap((route) => {
      const match = route.path.exec(path);
      return match ? [{ route, match }] : [];
    });
    const found = fitting.find(({ route }) => route.method === method);
    if (!found)
      throw new ApiErrorAnswer(
        fitting.length > 0 ? apiErrors.notAllowed(method) : apiErrors.unknownUrl(method, `/v1${path}`),
      );
    const key = requireKey(exchange.request);
    const effect = effectFor(faults, found.route.endpoint, exchange);
    if (effect?.type === 'hang') return drain(exchange);
    if (effect?.type === 'raw') return sendRaw(exchange, effect);
    if (effect?.type === 'error') throw new ApiErrorAnswer(effect.error({ key, model: await modelOf(exchange) }));
    await found.route.answer(exchange, effect, found.match);
  };

  return (request, response) => {
    const [, provider = '', path = ''] = /^\/([^/]+)\/v1(\/[^?]*)/.exec(request.url ?? '') ?? [];
    const exchange: Exchange = { provider, request, response };
    setOpenAiHeaders(response);
    if (!providers.includes(provider)) {
      return sendApiError(exchange, apiErrors.unknownUrl(request.method ?? 'GET', request.url ?? '/'));
    }
    const answered = log.begin({ provider, method: request.method ?? 'GET', path });
    response.once('finish', () => answered(response.statusCode));
    answer(exchange, path).catch((error: unknown) => {
      if (error instanceof ApiErrorAnswer) sendApiError(exchange, error.apiError);
      // The caller hung up in the middle of its upload: nobody is left to answer.
      else if (!request.complete) response.destroy();
      else sendApiError(exchange, apiErrors.serverError());
    });
  };
}

function setOpenAiHeaders(response: ServerResponse): void {
  response.setHeader('x-request-id', `req_${randomBytes(16).toString('hex')}`);
  response.setHeader('openai-processing-ms', '12');
  response.setHeader('openai-version', '2020-10-01');
  response.setHeader('openai-organization', 'org-understudy');
}

/** @throws ApiErrorAnswer 401 */
function requireKey({ headers: { authorization = '' } }: IncomingMessage): string {
  const [, key] = /^Bearer (\S+)$/.exec(authorization) ?? [];
  if (key === undefined) throw new ApiErrorAnswer(apiErrors.missingKey());
  if (key === WRONG_KEY) throw new ApiErrorAnswer(apiErrors.badKey(key));
  return key;
}

/** Takes the request and says nothing; the connection stays until the caller gives up. */
async function drain(exchange: Exchange): Promise<void> {
  await readBody(exchange);
}

function sendRaw({ request, response }: Exchange, effect: { status: number; contentType: string; body: string }): void {
  request.resume();
  response.writeHead(effect.status, { 'content-type': effect.contentType }).end(effect.body);
}

/** The model that an error names, if the request says one. */
async function modelOf(exchange: Exchange): Promise<string> {
  if (!exchange.request.headers['content-type']?.includes('json')) return 'this model';
  return String((await readJsonObject(exchange))['model']);
}
