import { createValidator, ErrorEventSchema } from '@understudy/shared/contracts';
import { classifyError } from '../../../services/supervisor/src/classify/classify-error.ts';
import { decideRecovery } from '../../../services/supervisor/src/decide/decide-recovery.ts';
import { T0 } from '../../../services/supervisor/src/testing/error-events.ts';
import { type BenchRow, inUs, perSecond, times } from '../bench-row.ts';
import { measureInterleaved, type Rounds } from '../measure-interleaved.ts';
import { median } from '../quantile.ts';
import { realisticEvents, realisticHistory } from './realistic-history.ts';

const PER_SECOND_LIMIT = 50_000;
const DIFFERENT_EVENTS = 2000;
const POLICY = { reopenWithinMs: 600_000 };

/** (b) On this one thread. @param errors classified and decided in one round */
export async function benchClassifyAndDecide(rounds: Rounds, errors: number): Promise<BenchRow[]> {
  const { history, open } = realisticHistory();
  const events = realisticEvents(open, Math.min(errors, DIFFERENT_EVENTS));
  const texts = events.map((event) => JSON.stringify(event));
  const validate = createValidator(ErrorEventSchema);
  const types = new Map<string, number>();

  /** @returns microseconds an error */
  const block = (work: (index: number) => string) => () => {
    const began = performance.now();
    for (let done = 0; done < errors; done += 1) {
      const type = work(done % events.length);
      // The result is used: what nobody reads may be optimised away.
      types.set(type, (types.get(type) ?? 0) + 1);
    }
    return ((performance.now() - began) * 1000) / errors;
  };
  const samples = await measureInterleaved(rounds, {
    decide: block((index) => {
      const event = events[index];
      if (!event) return 'none';
      return decideRecovery(classifyError(event, history, T0), history, POLICY, T0).type;
    }),
    read: block((index) => (validate(JSON.parse(texts[index] ?? '')).ok ? 'valid' : 'rejected')),
  });
  if (types.has('rejected') || types.has('none')) throw new Error('the events of the bench do not match their schema');

  const [decide, read] = [median(samples.decide), median(samples.read)];
  return [
    {
      id: 'b',
      what: `classify + decide, one core, ${history.resolvedByFingerprint.size} healed and ${open.length} open incidents`,
      result: `${perSecond(1e6 / decide)} (${inUs(decide)} each), ${times(decide / read)}`,
      baseline: `reading the same event (JSON, schema): ${inUs(read)}`,
      target: `>= ${perSecond(PER_SECOND_LIMIT)}`,
      isMet: 1e6 / decide >= PER_SECOND_LIMIT,
    },
  ];
}
