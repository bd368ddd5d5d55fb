import { type BenchRow, inUs, times } from '../bench-row.ts';
import { measureInterleaved, type Rounds } from '../measure-interleaved.ts';
import { median } from '../quantile.ts';
import { cockatielAlone, modelGuard, packetGuard, voiceGuard } from './healthy-guards.ts';

const CALL_LIMIT = 1.25;
const PACKET_LIMIT_US = 1;

/** (d) Around calls that answer at once. @param calls one after another, in one round */
export async function benchGuard(rounds: Rounds, calls: number): Promise<BenchRow[]> {
  /** @returns microseconds a call */
  const awaited = (call: () => Promise<unknown>) => async () => {
    const began = performance.now();
    for (let done = 0; done < calls; done += 1) await call();
    return ((performance.now() - began) * 1000) / calls;
  };
  const plain = (call: () => void) => () => {
    const began = performance.now();
    for (let done = 0; done < calls; done += 1) call();
    return ((performance.now() - began) * 1000) / calls;
  };
  const samples = await measureInterleaved(rounds, {
    cockatiel: awaited(cockatielAlone()),
    voice: awaited(voiceGuard()),
    model: awaited(modelGuard()),
    packet: plain(packetGuard()),
  });
  const cockatiel = median(samples.cockatiel);
  const guarded = (id: string, what: string, us: number): BenchRow => ({
    id,
    what,
    result: `${inUs(us)}, ${times(us / cockatiel)}`,
    baseline: `cockatiel alone (retry, breaker, timeout): ${inUs(cockatiel)}`,
    target: `<= ${times(CALL_LIMIT)}`,
    isMet: us <= CALL_LIMIT * cockatiel,
  });
  const packet = median(samples.packet);
  return [
    guarded('d.voice', 'guard around a healthy call for speech or transcription', median(samples.voice)),
    guarded(
      'd.model',
      'guard around a healthy call for a model, its span and sentences included',
      median(samples.model),
    ),
    {
      id: 'd.packet',
      what: 'breaker and metric on a path that runs per frame or packet',
      result: inUs(packet),
      baseline: `cockatiel alone: ${inUs(cockatiel)}`,
      target: `<= ${PACKET_LIMIT_US} us`,
      isMet: packet <= PACKET_LIMIT_US,
    },
  ];
}
