import { HEARING_RATE_HZ } from '../audio/frame-cutter.ts';
import { type BandPowers, createBandPowers } from './band-powers.ts';
import { closestCorrelation, createLoudnessTrack, loudnessSteps, STEP_MS } from './loudness-track.ts';

/** Through output, room, microphone and network. */
export const LONGEST_DELAY_MS = 1500;
/** Sound comes in bursts: a frame may seem to have been heard a little before it was played. */
const EARLIEST_MS = 200;
/** Longer than the longest utterance and its delay. */
const REMEMBERED_MS = 40_000;
/** Shorter sounds follow anything at some delay. */
const LEAST_STEPS = 30;

export interface Playing {
  /** Samples that go to the output, from the first on, as they come. */
  push(samples: Float32Array): void;
  /** The first one is out. */
  began(at: number): void;
}

interface HeardSound {
  /** 16 kHz mono. */
  readonly samples: Float32Array;
  /** Epoch ms. */
  readonly beganAt: number;
}

export interface OwnVoice {
  onPlaying(sampleRate: number): Playing;
  /** How closely the loudness of what was heard follows what the bot played then: -1 to 1; undefined where it cannot be told. */
  likeness(heard: HeardSound): number | undefined;
  /** What it plays at a time (epoch ms), in the bands; undefined where it is silent. */
  playedAt(time: number): BandPowers | undefined;
}

interface Played {
  beganAt: number | undefined;
  readonly steps: () => readonly number[];
  readonly bands: BandPowers[];
}

/** Remembers how loud the bot itself was, and when: as a whole for what was heard to its end, in bands for what is just being heard. */
export function createOwnVoice(clock: { now(): number }): OwnVoice {
  let played: Played[] = [];

  /** Sentences are played one after another: what has not begun when the next one comes never will. */
  const isRemembered = ({ beganAt, steps }: Played): boolean =>
    beganAt !== undefined && clock.now() - (beganAt + steps().length * STEP_MS) < REMEMBERED_MS;

  /** What the bot played from `from` on, silence where it played nothing. */
  const trackFrom = (from: number, length: number): number[] => {
    const track = new Array<number>(length).fill(0);
    for (const { beganAt, steps } of played) {
      if (beganAt === undefined) continue;
      const offset = Math.round((beganAt - from) / STEP_MS);
      for (const [index, step] of steps().entries()) {
        const place = offset + index;
        if (place >= 0 && place < length) track[place] = step;
      }
    }
    return track;
  };

  return {
    onPlaying(sampleRate) {
      played = played.filter(isRemembered);
      const track = createLoudnessTrack(sampleRate);
      const bandsOf = createBandPowers(sampleRate);
      const one: Played = { beganAt: undefined, steps: track.steps, bands: [] };
      played.push(one);
      return {
        push(samples) {
          track.push(samples);
          one.bands.push(...bandsOf(samples));
        },
        began(at) {
          one.beganAt = at;
        },
      };
    },
    playedAt(time) {
      for (const { beganAt, bands } of played) {
        const step = beganAt === undefined ? undefined : bands[Math.floor((time - beganAt) / STEP_MS)];
        if (step) return step;
      }
      return undefined;
    },
    likeness({ samples, beganAt }) {
      const heard = loudnessSteps(samples, HEARING_RATE_HZ);
      if (heard.length < LEAST_STEPS) return undefined;
      const span = Math.ceil((LONGEST_DELAY_MS + EARLIEST_MS) / STEP_MS);
      const track = trackFrom(beganAt - LONGEST_DELAY_MS, heard.length + span);
      return track.some((step) => step > 0) ? closestCorrelation(heard, track) : undefined;
    },
  };
}
