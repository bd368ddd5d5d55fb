import type {
  Delivery,
  ErrorResponse,
  InputResponse,
  Limit,
  Mode,
  Observed,
  Reply,
  ServiceName,
} from '../contracts/index.ts';
import { errorResponse } from '../errors/error-response.ts';

/**
 * What came back for one turn. `answered`: its final sentence is there; `partial`: only some sentences came within the budget;
 * `unanswered`: none.
 */
export interface GatheredTurn {
  readonly turnId: string;
  readonly state: 'answered' | 'partial' | 'unanswered';
  /** In the order of their `seq`. */
  readonly replies: readonly Reply[];
  /** The last word of each sink on each sentence. */
  readonly deliveries: readonly Delivery[];
}

interface ResponseParts {
  readonly gathered: GatheredTurn;
  readonly solveMode: (observed: Observed) => { readonly mode: Mode; readonly limits: readonly Limit[] };
  readonly traceId: string;
  /** Failures of the turn itself, which neither the reply nor a delivery tells. */
  readonly ownErrors?: readonly ErrorResponse[];
  /** Said when the reply holds no words. */
  readonly fallbackLine: string;
}

/** The newest observation of each capability: the reply's, then those of the sinks. */
export function observedIn({ replies, deliveries }: GatheredTurn): Observed {
  const newest: Observed = {};
  for (const { observed } of [...replies, ...deliveries]) Object.assign(newest, observed);
  return newest;
}

const failedDeliveries = (deliveries: readonly Delivery[]): ErrorResponse[] =>
  deliveries.flatMap(({ result, errorId, errorCode }) =>
    result === 'failed' && errorId !== undefined && errorCode !== undefined
      ? [errorResponse({ id: errorId, code: errorCode }, { fallbackActivated: true })]
      : [],
  );

/** A sink that failed, or that has been told to do without, leaves the text as what the viewer gets. */
const isFallenBack = ({ result }: Delivery, mode: Mode): boolean =>
  result === 'failed' || (result === 'skipped' && mode !== 'full');

/** The HTTP answer of one turn, from whatever came back. */
export function turnResponse({
  gathered,
  solveMode,
  traceId,
  ownErrors = [],
  fallbackLine,
}: ResponseParts): InputResponse {
  const { replies, deliveries, turnId } = gathered;
  const { mode } = solveMode(observedIn(gathered));
  const message = replies
    .map(({ text }) => text.trim())
    .filter(Boolean)
    .join(' ');
  const all = [...replies.flatMap((reply) => reply.errors), ...failedDeliveries(deliveries), ...ownErrors];
  const errors = [...new Map(all.map((error) => [error.error_id, error])).values()];
  return {
    message: message || fallbackLine,
    mode,
    source: message ? (replies.at(-1)?.source ?? 'pattern') : 'pattern',
    fallback_used:
      message === '' ||
      gathered.state !== 'answered' ||
      replies.some((reply) => reply.fallbackUsed) ||
      deliveries.some((delivery) => isFallenBack(delivery, mode)),
    cached_response_used: replies.some((reply) => reply.cachedResponseUsed),
    trace_id: traceId,
    turn_id: turnId,
    ...(errors.length === 0 ? {} : { errors }),
  };
}

/** The sinks whose word on the first sentence is still missing. */
export const missingSinks = (sinks: readonly ServiceName[], deliveries: Iterable<Delivery>): ServiceName[] => {
  const heardOf = new Set([...deliveries].filter(({ seq }) => seq === 0).map(({ service }) => service));
  return sinks.filter((sink) => !heardOf.has(sink));
};
