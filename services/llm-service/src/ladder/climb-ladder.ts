import type { ErrorEvent } from '@understudy/shared/contracts';
import { isServiceError } from '@understudy/shared/errors';
import type { ServiceContext } from '@understudy/shared/service';
import { isBrokenCircuitError, isIsolatedCircuitError } from 'cockatiel';
import type { StoredReply } from '../cache/stored-reply.ts';
import type { ChatMessage } from '../providers/chat-provider.ts';
import { isDeclined } from '../providers/provider-breaker.ts';
import type { ProviderChain } from '../providers/provider-chain.ts';
import { intentOf, type PersonaLines } from '../reply/persona-lines.ts';
import { splitRest, splitSentences } from '../reply/sentences.ts';
import { type LadderPlan, type PlannedRung, shutAbove } from './plan-ladder.ts';
import type { ProviderRung } from './provider-rung.ts';
import { providerRung, type RungName } from './rungs.ts';
import { shareTime } from './share-time.ts';

/** One turn on its way down the ladder. */
export interface Climb {
  readonly text: string;
  readonly plan: LadderPlan;
  readonly chain: ProviderChain;
  /** Epoch ms; the last rung has answered by then. */
  readonly deadlineAt: number;
  readonly prompt: (shortened: boolean, said: readonly string[], room: number | undefined) => readonly ChatMessage[];
  readonly lookUp: () => Promise<StoredReply | undefined>;
  /** Before a sentence of a provider is said. @throws ServiceError REPLY_BLOCKED */
  readonly check: (sentence: string, provider: string) => Promise<void>;
  /** Aborted: whoever asked speaks again and wants no answer to that any more. */
  readonly signal: AbortSignal;
  /** A sentence that is not the last. */
  readonly say: (sentence: string, rung: RungName) => void;
  readonly report: (error: unknown) => ErrorEvent;
  /** Makes the conversation shorter than the model could bear. */
  readonly shorten: () => void;
}

export interface Answer {
  /** The rung that said the last sentence. */
  readonly rung: RungName;
  readonly last: string;
  /** Every sentence, the last included. */
  readonly sentences: readonly string[];
  /** What failed in this turn, and what had shut those that were not asked. */
  readonly failures: readonly ErrorEvent[];
  /** The provider that declined, when one did: no outage, it counts as answering. */
  readonly declinedBy?: RungName;
  /** From its first to its last sentence by one provider. */
  readonly isWhole: boolean;
  /** Nobody wanted the rest: `last` is empty. */
  readonly isInterrupted: boolean;
}

interface Rungs {
  readonly askProvider: ProviderRung;
  readonly line: PersonaLines;
}

const isShut = (error: unknown): boolean =>
  error instanceof Error && (isBrokenCircuitError(error) || isIsolatedCircuitError(error));
const declined = (error: unknown): boolean => isServiceError(error) && isDeclined(error.code);

/** Walks down until a rung answers. What a viewer has heard stays said: the next rung goes on after it. */
export function createLadderClimber(context: Pick<ServiceContext, 'clock' | 'config'>, { askProvider, line }: Rungs) {
  return async (climb: Climb): Promise<Answer> => {
    const { plan, chain, deadlineAt, say } = climb;
    const { last_rungs_reserve_ms: reserveMs, first_token_timeout_ms: firstTokenTimeoutMs } = context.config().llm;
    const said: string[] = [];
    const failures: ErrorEvent[] = [];
    const shutBefore = (rung: RungName) =>
      shutAbove(plan, rung, [...chain.keys()]).flatMap((name) => chain.get(name)?.lastFailure ?? []);
    const sayBy = (rung: RungName) => (sentence: string) => {
      said.push(sentence);
      say(sentence, rung);
    };
    const answer = (rung: RungName, last: string, more: Partial<Answer> = {}): Answer => ({
      rung,
      last,
      sentences: [...said, last].filter((sentence) => sentence !== ''),
      // One may have shut several providers: a spent budget.
      failures: [...new Set([...shutBefore(more.declinedBy ?? rung), ...failures])],
      isWhole: false,
      isInterrupted: false,
      ...more,
    });
    const interrupted = (rung: RungName) => answer(rung, '', { isInterrupted: true });
    const closing = () => line(said.length > 0 ? 'interrupted' : intentOf(climb.text), climb.text);

    const byProvider = async (planned: PlannedRung & { type: 'provider' }): Promise<Answer | undefined> => {
      const link = chain.get(planned.name);
      const after = plan.rungs.slice(plan.rungs.indexOf(planned)).filter(({ type }) => type === 'provider');
      const remainingMs = deadlineAt - context.clock.now();
      const firstTokenMs = shareTime({ remainingMs, reserveMs, firstTokenTimeoutMs, providersLeft: after.length });
      if (!link || firstTokenMs === undefined) return undefined;
      const rung = providerRung(planned.name);
      const saidBefore = [...said];
      try {
        const said = await askProvider({
          link,
          mayRetry: planned.mayRetry,
          firstTokenMs,
          until: deadlineAt - reserveMs,
          prompt: (shortened, room) => climb.prompt(shortened, saidBefore, room),
          check: (sentence) => climb.check(sentence, planned.name),
          signal: climb.signal,
          alreadySaid: saidBefore,
          say: sayBy(rung),
          shorten: climb.shorten,
          report: climb.report,
        });
        link.lastFailure = undefined;
        if (said === undefined) return undefined;
        return answer(rung, said.last, { isWhole: said.isWhole && saidBefore.length === 0 });
      } catch (error) {
        if (climb.signal.aborted && !isServiceError(error)) return interrupted(rung);
        if (isShut(error)) {
          if (link.lastFailure) failures.push(link.lastFailure);
          return undefined;
        }
        const event = climb.report(error);
        failures.push(event);
        if (declined(error)) return answer('pattern', line('refusal', climb.text), { declinedBy: rung });
        link.lastFailure = event;
        return undefined;
      }
    };

    const byCache = async (): Promise<Answer | undefined> => {
      if (said.length > 0) return undefined;
      const stored = await climb.lookUp();
      if (!stored) return undefined;
      const { sentences, rest } = splitSentences(stored.text);
      const all = [...sentences, ...splitRest(rest)];
      for (const sentence of all.slice(0, -1)) sayBy('cache')(sentence);
      return answer('cache', all.at(-1) ?? stored.text);
    };

    for (const planned of plan.rungs) {
      if (climb.signal.aborted) break;
      const found =
        planned.type === 'provider'
          ? await byProvider(planned)
          : planned.type === 'cache'
            ? await byCache()
            : undefined;
      if (found) return found;
    }
    return climb.signal.aborted ? interrupted('pattern') : answer('pattern', closing());
  };
}
export type LadderClimber = ReturnType<typeof createLadderClimber>;
