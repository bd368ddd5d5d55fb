// Simulated speech: text carried by real audio, so that what a microphone simulator says is information that only survives when the
// audio really travels (capture, resampling, network, WAV upload), and what a speaker simulator hears proves that the bot was audible.
export { demodulate, demodulateAll, type Utterance } from './demodulate.ts';
export { modulate } from './modulate.ts';
export { MAX_TEXT_BYTES } from './text-frame.ts';
