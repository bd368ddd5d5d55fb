import { ServiceError } from '@understudy/shared/errors';
import type { ServiceContext } from '@understudy/shared/service';
import type { ProviderBreaker } from '../providers/provider-breaker.ts';
import type { ProviderProof } from '../providers/provider-proof.ts';
import { type ForcedRung, providerRung, type RungName } from './rungs.ts';

type Surroundings = Pick<ServiceContext, 'clock' | 'config' | 'isSupervised' | 'logger' | 'reportError'>;

interface LookedAfter {
  chain(): ReadonlyMap<string, { readonly breaker: Pick<ProviderBreaker, 'state'> }>;
  present(): RungName;
  /** Not asked for a while, whether it answers or not. */
  isOut(name: string): boolean;
  forced(): ForcedRung;
  force(rung: ForcedRung): unknown;
}

/** A tiny answer takes no longer. */
const PROOF_LIMIT_MS = 5000;

/**
 * While the supervisor is silent, what it would do is done here: a forced rung ends, and the providers above the present rung are
 * asked again, slowly, for as long as it takes. It is said once when the supervisor is back.
 */
export function createSelfCare(context: Surroundings, ladder: LookedAfter, prove: ProviderProof) {
  const { clock, config, logger } = context;
  let hasActed = false;

  const betterThanPresent = (): string[] => {
    const names = [...ladder.chain().keys()];
    const present = names.findIndex((name) => providerRung(name) === ladder.present());
    return present < 0 ? names : names.slice(0, present);
  };
  const isShut = (name: string) => {
    const state = ladder.chain().get(name)?.breaker.state();
    return state === 'isolated' || state === 'open';
  };

  const sayThatItIsBack = () => {
    if (!hasActed) return;
    hasActed = false;
    const message =
      'The supervisor was silent; the llm-service asked its providers again by itself. Nothing is to be done.';
    context.reportError(new ServiceError('SUPERVISOR_SILENT', message));
  };

  const round = async (signal: AbortSignal): Promise<void> => {
    if (context.isSupervised()) return sayThatItIsBack();
    const shut = [...ladder.chain().keys()].filter(isShut);
    const due = [...new Set([...betterThanPresent(), ...shut])].filter((name) => !ladder.isOut(name));
    if (ladder.forced() === 'auto' && due.length === 0) return;
    if (!hasActed) logger.warning('The supervisor is silent; the llm-service looks after its providers by itself');
    hasActed = true;
    if (ladder.forced() !== 'auto') ladder.force('auto');
    for (const name of due) {
      if (signal.aborted) return;
      const proof = await prove(name, AbortSignal.any([signal, AbortSignal.timeout(PROOF_LIMIT_MS)]));
      if (proof.ok) logger.info('A provider answers again', { context: { provider: name, detail: proof.detail } });
    }
  };

  return {
    round,
    async run(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        await clock.sleep(config().llm.breaker.recheck_ms, signal).catch(() => undefined);
        if (!signal.aborted) await round(signal);
      }
    },
  };
}
