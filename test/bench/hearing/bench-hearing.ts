import { type BenchRow, inUs } from '../bench-row.ts';
import { measureInterleaved, type Rounds } from '../measure-interleaved.ts';
import { median } from '../quantile.ts';
import { measureDetection } from './detection-cost.ts';
import { createBareSample, createStreamSample, PACKETS_PER_SECOND } from './vban-streams.ts';

const ofACore = (share: number): string => `${(share * 100).toPrecision(2)} % of a core`;

/** What hearing costs: the model of speech detection while there is sound, and the way of a VBAN packet. */
export async function benchHearing(audioSeconds: number, rounds: Rounds): Promise<BenchRow[]> {
  const streams = await measureInterleaved(rounds, { whole: createStreamSample(), bare: createBareSample() });
  return [...(process.platform === 'linux' ? [await detectionRow(audioSeconds)] : []), streamsRow(streams)];
}

async function detectionRow(audioSeconds: number): Promise<BenchRow> {
  const { inItsProcess, inTheService, byLoudness } = await measureDetection(audioSeconds);
  const all = inItsProcess + inTheService;
  return {
    id: 'h.detection',
    what: 'Silero in its process, seconds of processor for a second of sound above `gate_db`',
    result: `${all.toFixed(4)} s/s, ${ofACore(all)} (its process ${ofACore(inItsProcess)}, the service ${ofACore(inTheService)})`,
    baseline: `loudness alone: ${byLoudness.toFixed(5)} s/s`,
    target: '-',
    isMet: undefined,
  };
}

function streamsRow({
  whole,
  bare,
}: {
  readonly whole: readonly number[];
  readonly bare: readonly number[];
}): BenchRow {
  const perPacketMs = median(whole);
  const streams = Math.floor(1000 / (perPacketMs * PACKETS_PER_SECOND));
  return {
    id: 'h.vban',
    what: 'VBAN streams that one core takes in real time (48 kHz s16 mono: decoded, put in order, resampled; without the socket), p50',
    result: `${streams} streams, ${inUs(perPacketMs * 1000)} a packet`,
    baseline: `reading the samples only: ${inUs(median(bare) * 1000)} a packet`,
    target: '-',
    isMet: undefined,
  };
}
