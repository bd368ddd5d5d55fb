import { randomUUID } from 'node:crypto';
import {
  ASKED_BY_HEADER,
  type InputRequest,
  InputRequestSchema,
  type InputResponse,
  InputResponseSchema,
  type ServiceName,
} from '@understudy/shared/contracts';
import { type AnswerTimes, requireWords, type ServiceContext, type TurnCollector } from '@understudy/shared/service';
import { traceHeaders, withSpan } from '@understudy/shared/telemetry';
import type { FastifyInstance } from 'fastify';
import type { TurnQueue } from '../turns/turn-queue.ts';

/** Whose word on the first sentence the answer waits for; the collector leaves them out while the bus is away. */
const SINKS: readonly ServiceName[] = ['osc-bridge', 'audio-gateway'];

type Surroundings = Pick<ServiceContext, 'config' | 'name' | 'reportError'>;

const parentOf = (traceparent: string | string[] | undefined) =>
  typeof traceparent === 'string' ? { parent: { traceparent } } : {};

/** `POST /v1/input`, the same contract as at the audio-gateway: text works while that one, or the bus, is away. */
export function createInputRoute(
  context: Surroundings,
  { collector, queue, answerTimes }: { collector: TurnCollector; queue: TurnQueue; answerTimes: AnswerTimes },
) {
  const ask = async (request: InputRequest, beginsHere: boolean): Promise<InputResponse> => {
    const turnId = randomUUID();
    const budgetMs = context.config().turn.budget_ms;
    if (beginsHere) answerTimes.begin(turnId);
    const answer = collector.collect({ turnId, budgetMs, sinks: SINKS });
    queue
      .accept({ ...request, turnId, seq: 0, final: true, budgetMs, from: context.name, source: 'text' }, traceHeaders())
      .catch((error: unknown) => context.reportError(error, { turnId }));
    return answer.finally(() => answerTimes.end(turnId));
  };

  return (app: FastifyInstance): void => {
    app.post<{ Body: InputRequest; Reply: InputResponse }>(
      '/v1/input',
      {
        preHandler: requireWords,
        schema: {
          summary: 'Say something to the bot and wait for its answer.',
          body: InputRequestSchema,
          response: { 200: InputResponseSchema },
        },
      },
      async (request) =>
        withSpan('POST /v1/input', { kind: 'server', ...parentOf(request.headers['traceparent']) }, () =>
          ask(request.body, request.headers[ASKED_BY_HEADER] === undefined),
        ),
    );
  };
}
