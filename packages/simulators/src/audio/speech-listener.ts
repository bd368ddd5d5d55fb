import { demodulateAll } from '../speech-signal/speech-signal.ts';

/** A block louder than this (RMS of 32767, about -50 dBFS) is voice; the microphones' own noise is at -75 dBFS. */
const VOICE_RMS = 100;
/** An utterance ends after so much quiet. */
const END_QUIET_MS = 250;
/** Sound kept from before the voice began: the soft start of the first tone. */
const PRE_ROLL_MS = 100;
/** Longest stretch of sound looked at in one piece. */
const MAX_SEGMENT_MS = 60_000;

export interface SpeechListener {
  /** Takes the next samples (mono) of the stream. */
  push(samples: Int16Array): void;
  /** The stream paused: what was heard so far is all there is. */
  flush(): void;
  /** Whether a voice is sounding now. */
  speaking(): boolean;
  /** Milliseconds of sound above the voice threshold so far. */
  voicedMs(): number;
}

/** Cuts a stream of audio into utterances by their energy and reports the text that each one carries. */
export function createSpeechListener(sampleRate: number, onText: (text: string) => void): SpeechListener {
  const samplesOf = (ms: number): number => Math.round((ms * sampleRate) / 1000);
  let blocks: Int16Array[] = [];
  let buffered = 0;
  let voiced = 0;
  let quiet = 0;
  let speaking = false;

  const finish = (): void => {
    const heard = speaking ? demodulateAll(concatenate(blocks, buffered), sampleRate) : [];
    blocks = [];
    buffered = 0;
    quiet = 0;
    speaking = false;
    for (const { text } of heard) onText(text);
  };

  const forgetBeforePreRoll = (): void => {
    while (blocks[0] && buffered - blocks[0].length >= samplesOf(PRE_ROLL_MS)) {
      buffered -= blocks[0].length;
      blocks.shift();
    }
  };

  return {
    push(samples) {
      if (samples.length === 0) return;
      const loud = rootMeanSquare(samples) > VOICE_RMS;
      blocks.push(samples);
      buffered += samples.length;
      quiet = loud ? 0 : quiet + samples.length;
      if (loud) {
        speaking = true;
        voiced += samples.length;
      }
      if (!speaking) forgetBeforePreRoll();
      else if (quiet >= samplesOf(END_QUIET_MS) || buffered >= samplesOf(MAX_SEGMENT_MS)) finish();
    },
    flush: finish,
    speaking: () => speaking,
    voicedMs: () => Math.round((voiced * 1000) / sampleRate),
  };
}

function rootMeanSquare(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

function concatenate(blocks: readonly Int16Array[], length: number): Int16Array {
  const joined = new Int16Array(length);
  let offset = 0;
  for (const block of blocks) {
    joined.set(block, offset);
    offset += block.length;
  }
  return joined;
}
