import { toSymbols } from './text-frame.ts';
import { checkSampleRate, HIGH_NIBBLE_TONES_HZ, LOW_NIBBLE_TONES_HZ, SYMBOL_MS } from './tones.ts';

/** Peak of each of the two tones, of 32767: together -16.5 dBFS RMS, the level of a clear voice. */
const TONE_PEAK = 4900;
const RAMP_MS = 5;

/**
 * Speaks a text: 16-bit mono samples at `sampleRate` (Hz, at least 8000), 40 ms a UTF-8 byte and 440 ms for the frame around it,
 * without a gap, so that an energy-based speech detector takes it for one utterance.
 * @throws RangeError when the text exceeds MAX_TEXT_BYTES or the sample rate is too low.
 */
export function modulate(text: string, sampleRate: number): Int16Array {
  checkSampleRate(sampleRate);
  const symbols = toSymbols(text);
  const samples = new Int16Array(Math.round((symbols.length * SYMBOL_MS * sampleRate) / 1000));
  const samplesPerSymbol = (SYMBOL_MS * sampleRate) / 1000;
  const rampSamples = (RAMP_MS * sampleRate) / 1000;
  const radiansPerHz = (2 * Math.PI) / sampleRate;
  // Phases run on across symbols: a jump would click through the whole spectrum.
  let highPhase = 0;
  let lowPhase = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const symbol = symbols[Math.min(symbols.length - 1, Math.floor(index / samplesPerSymbol))] ?? 0;
    highPhase += (HIGH_NIBBLE_TONES_HZ[symbol >> 4] ?? 0) * radiansPerHz;
    lowPhase += (LOW_NIBBLE_TONES_HZ[symbol & 0x0f] ?? 0) * radiansPerHz;
    const ramp = Math.min(1, (index + 1) / rampSamples, (samples.length - index) / rampSamples);
    samples[index] = Math.round(TONE_PEAK * ramp * (Math.sin(highPhase) + Math.sin(lowPhase)));
  }
  return samples;
}
