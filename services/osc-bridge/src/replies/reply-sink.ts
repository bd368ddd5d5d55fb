import type { Delivery, Observed, Reply } from '@understudy/shared/contracts';
import type { Bus, MessageMeta } from '@understudy/shared/messaging';
import { withSpan } from '@understudy/shared/telemetry';
import type { PushResult } from '../chatbox/chatbox-queue.ts';
import type { DeliveryVerdict } from './judge-delivery.ts';

export interface ReplySinkParts {
  readonly bus: Pick<Bus, 'publish'>;
  readonly judge: () => DeliveryVerdict;
  readonly show: (reply: Reply) => PushResult;
  readonly express: (emotion: string) => void;
  readonly observed: () => Observed;
  readonly count: (result: Delivery['result']) => void;
}

type Outcome = Pick<Delivery, 'result' | 'errorId' | 'errorCode'>;

/** `queued`: VRChat will be sent it in its turn. A sentence without text, of a replaced turn, or one too many is `skipped`. */
const SHOWN: Record<PushResult, Delivery['result']> = {
  queued: 'queued',
  empty: 'skipped',
  replaced: 'skipped',
  full: 'skipped',
};

/** Takes one sentence and says at once what becomes of it: the HTTP answer to the viewer waits for that. */
export function createReplySink({ bus, judge, show, express, observed, count }: ReplySinkParts) {
  const deliver = (reply: Reply): Outcome => {
    const verdict = judge();
    if (verdict.may) {
      if (reply.emotion !== undefined) express(reply.emotion);
      return { result: SHOWN[show(reply)] };
    }
    if (verdict.result === 'skipped' || !verdict.error) return { result: verdict.result };
    return { result: 'failed', errorId: verdict.error.id, errorCode: verdict.error.code };
  };
  return (reply: Reply, meta: MessageMeta): Promise<void> =>
    withSpan('osc-bridge.deliver', { kind: 'consumer', parent: meta.trace }, (span) => {
      const outcome = deliver(reply);
      span.setAttribute('understudy.delivery.result', outcome.result);
      bus.publish('delivery', {
        turnId: reply.turnId,
        seq: reply.seq,
        service: 'osc-bridge',
        ...outcome,
        observed: observed(),
      });
      count(outcome.result);
    });
}
