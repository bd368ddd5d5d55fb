import { LENGTH_SYMBOLS, PREAMBLE, readLength, readText, symbolsAfterLength } from './text-frame.ts';
import { HOPS_PER_SYMBOL, hearSymbol, measureToneEnergies, shareOf, type ToneEnergies } from './tone-energies.ts';
import { checkSampleRate } from './tones.ts';

/** Mean share of energy in the preamble's tones from which a frame is tried; noise has 1/16. */
const PREAMBLE_SHARE = 0.5;
/** How much clearer a symbol must be half a hop aside before the clock follows it; smaller differences are noise. */
const CLOCK_GAIN = 0.05;

/** One utterance found in a recording; `start` and `end` are sample indices of the input. */
export interface Utterance {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The first text spoken in 16-bit mono samples, `undefined` when there is none. Whatever surrounds the utterance is ignored. */
export function demodulate(samples: Int16Array, sampleRate: number): string | undefined {
  return demodulateAll(samples, sampleRate)[0]?.text;
}

/**
 * Every text spoken in 16-bit mono samples, in order; an utterance whose checksum is wrong is left out.
 * @throws RangeError below 8000 Hz.
 */
export function demodulateAll(samples: Int16Array, sampleRate: number): Utterance[] {
  checkSampleRate(sampleRate);
  const measured = measureToneEnergies(samples, sampleRate);
  const utterances: Utterance[] = [];
  let hop = 0;
  while (hop + PREAMBLE.length * HOPS_PER_SYMBOL < measured.hops) {
    if (preambleShare(measured, hop) < PREAMBLE_SHARE) {
      hop += 1;
      continue;
    }
    const best = bestStart(measured, hop);
    const heard = [best, best - 1, best + 1].map((start) => readFrame(measured, start)).find(Boolean);
    if (heard) {
      utterances.push({
        text: heard.text,
        start: measured.inputIndexOf(best),
        end: measured.inputIndexOf(heard.endHop),
      });
    }
    hop = heard ? heard.endHop : best + HOPS_PER_SYMBOL / 2;
  }
  return utterances;
}

function preambleShare(measured: ToneEnergies, hop: number): number {
  let share = 0;
  for (const [index, symbol] of PREAMBLE.entries()) share += shareOf(measured, hop + index * HOPS_PER_SYMBOL, symbol);
  return share / PREAMBLE.length;
}

/** Within one symbol after the first window that resembles the preamble, the middle of the windows that fit best. */
function bestStart(measured: ToneEnergies, from: number): number {
  let best = from;
  let bestShare = 0;
  for (let hop = from; hop < from + HOPS_PER_SYMBOL; hop += 1) {
    const share = preambleShare(measured, hop);
    if (share > bestShare) {
      best = hop;
      bestShare = share;
    }
  }
  return best;
}

function readFrame(measured: ToneEnergies, start: number): { text: string; endHop: number } | undefined {
  if (start < 0) return undefined;
  const reader = createSymbolReader(measured, start + PREAMBLE.length * HOPS_PER_SYMBOL);
  const head = reader.read(LENGTH_SYMBOLS);
  const length = head && readLength(head);
  if (!head || length === undefined) return undefined;
  const rest = reader.read(symbolsAfterLength(length));
  const text = rest && readText([...head, ...rest]);
  return text === undefined ? undefined : { text, endHop: reader.hop() };
}

/** Reads symbols one after another and follows a sender whose clock differs, or a recording that lost a few milliseconds. */
function createSymbolReader(measured: ToneEnergies, start: number) {
  let hop = start;
  const readOne = (): number => {
    const here = hearSymbol(measured, hop);
    const early = hearSymbol(measured, hop - 1);
    const late = hearSymbol(measured, hop + 1);
    const gain = Math.max(early.clarity, late.clarity) - here.clarity;
    const shift = gain <= CLOCK_GAIN ? 0 : early.clarity > late.clarity ? -1 : 1;
    const heard = shift === 0 ? here : shift < 0 ? early : late;
    hop += shift + HOPS_PER_SYMBOL;
    return heard.symbol;
  };
  return {
    hop: () => hop,
    read(count: number): number[] | undefined {
      if (hop + (count - 1) * HOPS_PER_SYMBOL >= measured.hops) return undefined;
      return Array.from({ length: count }, readOne);
    },
  };
}
