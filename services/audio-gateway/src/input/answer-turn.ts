import type {
  ErrorResponse,
  InputRequest,
  InputResponse,
  Observed,
  Reply,
  ServiceName,
  TurnInput,
} from '@understudy/shared/contracts';
import { errorResponse } from '@understudy/shared/errors';
import type { AnswerTimes, ServiceContext, TurnCollector } from '@understudy/shared/service';
import type { AskLlmService } from './ask-llm-service.ts';

export interface TurnAnswering {
  /**
   * Hands a turn on and answers it, always: by the llm-service over the bus, over HTTP while the bus is away, else by the line
   * `turn.unanswered_line`. Whatever the answer, it is also spoken.
   * @param sinks whose word on the first sentence the answer waits for
   * @param beganAt epoch ms: when the speech ended; default: now
   */
  answer(turn: TurnInput, sinks: readonly ServiceName[], beganAt?: number): Promise<InputResponse>;
  isBusy(): boolean;
}

interface AnsweringParts {
  readonly collector: TurnCollector;
  readonly answerTimes: AnswerTimes;
  readonly askLlmService: AskLlmService;
  /** Speaks a reply that did not come over the bus. */
  readonly speak: (reply: Reply) => void;
  /** The service ends: open turns are answered at once with what has come, and nothing is reported. */
  readonly stopping: AbortSignal;
}

type Surroundings = Pick<ServiceContext, 'name' | 'bus' | 'clock' | 'config' | 'reportError'>;

/** Taken off the budget that the llm-service is told, so that what it says at the last moment still arrives in time. */
const ANSWER_MARGIN_MS = 300;

/** Until its first sentence comes a question is asked again: a llm-service that died with it answers after its restart, and one that thinks knows its id. */
const ASK_AGAIN_MS = 1500;

/** For the mode of this one answer; the owner of `think` reports for itself. */
const THINK_BY_SOURCE = {
  provider: { level: 'full', by: 'provider' },
  cache: { level: 'degraded', by: 'cache' },
  pattern: { level: 'degraded', by: 'pattern' },
} as const satisfies Record<InputResponse['source'], Observed['think']>;

export function createTurnAnswering(context: Surroundings, parts: AnsweringParts): TurnAnswering {
  const { bus, clock } = context;
  const { collector, answerTimes } = parts;
  let open = 0;

  const askOverBus = async (turn: TurnInput, sinks: readonly ServiceName[]) => {
    const away = new AbortController();
    const stop = bus.onConnection((connected) => {
      if (!connected) away.abort();
    });
    const signal = AbortSignal.any([away.signal, parts.stopping]);
    const deadline = clock.now() + turn.budgetMs - ANSWER_MARGIN_MS;
    const gathering = collector.gather({ turnId: turn.turnId, budgetMs: turn.budgetMs, sinks, signal });
    let cancel = () => {};
    const ask = () => {
      const budgetMs = Math.max(0, deadline - clock.now());
      bus.publish(turn.source === 'speech' ? 'utterance' : 'input', { ...turn, budgetMs });
      cancel = clock.after(ASK_AGAIN_MS, ask);
    };
    const unsubscribe = bus.subscribe('reply', ({ turnId, source }) => {
      if (turnId !== turn.turnId) return;
      cancel();
      answerTimes.said(turnId, source);
    });
    try {
      ask();
      return await gathering;
    } finally {
      cancel();
      unsubscribe();
      stop();
    }
  };

  /** As if it had come over the bus: the same speech, the same deliveries, the same mode. */
  const answerHere = async (reply: Reply, ownErrors: readonly ErrorResponse[]): Promise<InputResponse> => {
    const gathering = collector.gather({ turnId: reply.turnId, budgetMs: 1, sinks: [context.name] });
    collector.onReply(reply);
    parts.speak(reply);
    return collector.respond(await gathering, ownErrors);
  };

  const replyFrom = (response: InputResponse): Reply => ({
    turnId: response.turn_id,
    seq: 0,
    final: true,
    budgetMs: context.config().turn.budget_ms,
    text: response.message,
    source: response.source,
    by: 'llm-service over HTTP',
    mode: response.mode,
    fallbackUsed: response.fallback_used,
    cachedResponseUsed: response.cached_response_used,
    errors: response.errors ?? [],
    observed: { think: THINK_BY_SOURCE[response.source] },
  });

  const unansweredLine = (turnId: string): Reply => ({
    turnId,
    seq: 0,
    final: true,
    budgetMs: context.config().turn.budget_ms,
    text: context.config().turn.unanswered_line,
    source: 'pattern',
    by: 'unanswered_line',
    mode: 'scripted',
    fallbackUsed: true,
    cachedResponseUsed: false,
    errors: [],
    observed: { think: { level: 'off', by: 'unreachable' } },
  });

  const askDirectly = async (turn: TurnInput, remainingMs: number): Promise<InputResponse> => {
    const { text, userId, sessionId } = turn;
    const request: InputRequest = { text, ...(userId ? { userId } : {}), ...(sessionId ? { sessionId } : {}) };
    try {
      const response = await parts.askLlmService(request, remainingMs);
      answerTimes.said(turn.turnId, response.source);
      return await answerHere(replyFrom(response), []);
    } catch (error) {
      const event = context.reportError(error, { turnId: turn.turnId });
      return answerHere(unansweredLine(turn.turnId), [errorResponse(event, { fallbackActivated: true })]);
    }
  };

  const answer = async (turn: TurnInput, sinks: readonly ServiceName[]): Promise<InputResponse> => {
    const deadline = clock.now() + turn.budgetMs;
    if (bus.isConnected()) {
      const gathered = await askOverBus(turn, sinks);
      if (gathered.state === 'answered' || parts.stopping.aborted) return collector.respond(gathered);
      if (gathered.state === 'partial') return collector.respond(gathered, [collector.reportUnanswered(gathered)]);
      if (bus.isConnected()) return answerHere(unansweredLine(turn.turnId), [collector.reportUnanswered(gathered)]);
    }
    return askDirectly(turn, deadline - clock.now());
  };

  return {
    isBusy: () => open > 0,
    async answer(turn, sinks, beganAt) {
      open += 1;
      answerTimes.begin(turn.turnId, beganAt);
      try {
        return await answer(turn, sinks);
      } finally {
        answerTimes.end(turn.turnId);
        open -= 1;
      }
    },
  };
}
