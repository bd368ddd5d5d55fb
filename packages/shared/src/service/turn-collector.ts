import {
  type Delivery,
  type ErrorResponse,
  type InputResponse,
  PIPELINE_TOPICS,
  type Reply,
  type ServiceName,
} from '../contracts/index.ts';
import { errorResponse } from '../errors/error-response.ts';
import { ServiceError } from '../errors/service-error.ts';
import { currentTrace } from '../telemetry/index.ts';
import type { ServiceContext } from './service-context.ts';
import { type GatheredTurn, missingSinks, turnResponse } from './turn-response.ts';

export interface TurnQuestion {
  readonly turnId: string;
  /** How long the final sentence may take. */
  readonly budgetMs: number;
  /** Whose word on the first sentence the answer waits for, `turn.delivery_wait_ms` at the most; while the bus is away only the own one. */
  readonly sinks: readonly ServiceName[];
  /** Aborted: wait no longer for replies (the bus went away). What has come counts. */
  readonly signal?: AbortSignal;
}

export interface TurnCollector {
  /**
   * Opens the turn before it returns its promise: call it first, then publish the input.
   * Always answers, within the budget and the delivery wait: without a final sentence it reports TURN_UNANSWERED and,
   * if there was no sentence at all, says `turn.unanswered_line`.
   */
  collect(question: TurnQuestion): Promise<InputResponse>;
  /** The same in two halves, for a caller with a ladder of its own between them. */
  gather(question: TurnQuestion): Promise<GatheredTurn>;
  respond(gathered: GatheredTurn, ownErrors?: readonly ErrorResponse[]): InputResponse;
  /** Reports TURN_UNANSWERED for a turn that is not `answered`. */
  reportUnanswered(gathered: GatheredTurn): ErrorResponse;
  /** For a reply that does not come over the bus (the llm-service's own). A repeated one is ignored. */
  onReply(reply: Reply): void;
  /** For a delivery that does not come over the bus (the audio-gateway's own). */
  onDelivery(delivery: Delivery): void;
  close(): void;
}

interface OpenTurn {
  readonly replies: Map<number, Reply>;
  readonly deliveries: Map<string, Delivery>;
  readonly listeners: Set<() => void>;
}

type Surroundings = Pick<ServiceContext, 'name' | 'bus' | 'clock' | 'config' | 'reportError' | 'solveMode'>;

/** Collects the sentences of a turn and what the sinks did with them; one per service serves all its turns. */
export function createTurnCollector(context: Surroundings): TurnCollector {
  const { bus, clock } = context;
  const open = new Map<string, OpenTurn>();

  const changed = (turn: OpenTurn) => {
    for (const listener of turn.listeners) listener();
  };

  const onReply = (reply: Reply) => {
    const turn = open.get(reply.turnId);
    if (!turn || turn.replies.has(reply.seq)) return;
    turn.replies.set(reply.seq, reply);
    changed(turn);
  };

  const onDelivery = (delivery: Delivery) => {
    const turn = open.get(delivery.turnId);
    if (!turn) return;
    turn.deliveries.set(`${delivery.service}/${delivery.seq}`, delivery);
    changed(turn);
  };

  const unsubscribe = [
    hears(context.name, 'reply') ? bus.subscribe('reply', onReply) : () => {},
    hears(context.name, 'delivery') ? bus.subscribe('delivery', onDelivery) : () => {},
  ];

  async function waitUntil(turn: OpenTurn, holds: () => boolean, ms: number, signal?: AbortSignal): Promise<void> {
    if (holds() || signal?.aborted || ms <= 0) return;
    const over = new AbortController();
    const end = () => over.abort();
    const check = () => {
      if (holds()) end();
    };
    turn.listeners.add(check);
    signal?.addEventListener('abort', end);
    await clock.sleep(ms, over.signal).catch(() => {});
    turn.listeners.delete(check);
    signal?.removeEventListener('abort', end);
  }

  const gather: TurnCollector['gather'] = async ({ turnId, budgetMs, sinks, signal }) => {
    const turn: OpenTurn = { replies: new Map(), deliveries: new Map(), listeners: new Set() };
    open.set(turnId, turn);
    const isAnswered = () => [...turn.replies.values()].some((reply) => reply.final);
    await waitUntil(turn, isAnswered, budgetMs, signal);
    const awaited = bus.isConnected() ? sinks : sinks.filter((sink) => sink === context.name);
    const areDelivered = () => missingSinks(awaited, turn.deliveries.values()).length === 0;
    if (turn.replies.size > 0) await waitUntil(turn, areDelivered, context.config().turn.delivery_wait_ms);
    open.delete(turnId);
    const replies = [...turn.replies.values()].sort((a, b) => a.seq - b.seq);
    const state = isAnswered() ? 'answered' : replies.length > 0 ? 'partial' : 'unanswered';
    return { turnId, state, replies, deliveries: [...turn.deliveries.values()] };
  };

  const reportUnanswered: TurnCollector['reportUnanswered'] = ({ turnId, state, replies }) => {
    const what = state === 'partial' ? `only ${replies.length} sentence(s) and no final one` : 'no sentence';
    const message = `Turn ${turnId} got ${what} within its budget; see the llm-service's incidents, or raise turn.budget_ms`;
    const event = context.reportError(new ServiceError('TURN_UNANSWERED', message), { turnId });
    return errorResponse(event, { fallbackActivated: true });
  };

  const respond: TurnCollector['respond'] = (gathered, ownErrors = []) =>
    turnResponse({
      gathered,
      ownErrors,
      solveMode: context.solveMode,
      traceId: currentTrace()?.traceId ?? '',
      fallbackLine: context.config().turn.unanswered_line,
    });

  return {
    gather,
    respond,
    reportUnanswered,
    async collect(question) {
      const gathered = await gather(question);
      return respond(gathered, gathered.state === 'answered' ? [] : [reportUnanswered(gathered)]);
    },
    onReply,
    onDelivery,
    close() {
      for (const stop of unsubscribe) stop();
    },
  };
}

/** Who may hear a topic stands in one table; the NATS accounts are rendered from the same. */
const hears = (name: ServiceName, topic: 'reply' | 'delivery'): boolean =>
  (PIPELINE_TOPICS[topic].to as readonly ServiceName[]).includes(name);
