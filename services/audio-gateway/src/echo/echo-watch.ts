import { HEARING_RATE_HZ } from '../audio/frame-cutter.ts';
import { BANDS, type BandPowers, createBandPowers, createSmoothing, toDb } from './band-powers.ts';
import { createEchoDelay, LEAST_STEPS } from './echo-delay.ts';
import { createEchoPath } from './echo-path.ts';
import { createFadingHistogram } from './fading-histogram.ts';
import { STEP_MS } from './loudness-track.ts';
import { LONGEST_DELAY_MS } from './own-voice.ts';
import { createRooms, type InRooms } from './rooms.ts';

/** Sound comes in bursts: a frame may seem to have been heard a little before it was played. */
const EARLIEST_MS = 48;
const DELAYS = Math.ceil((LONGEST_DELAY_MS + EARLIEST_MS) / STEP_MS);
/** What follows the bot so closely, and at the same delay for so long, is its echo. An echo came to 0.80 and more, voices that say something else to 0.76 for a moment, 0.62 later. */
const ECHO_LIKENESS = 0.7;
const SETTLED_STEPS = 12;
const SAME_DELAY_STEPS = 2;
/** After a longer gap the stream begins anew. */
const GAP_MS = 250;
/** The quietest of late is noise, as it falls for a moment; it reaches this much above, and what can be heard is louder still. */
const NOISE_DB = 6;
const AUDIBLE_DB = 10;
const NOISE_RISES_DB = 0.008;
/** What is on average so much louder than explained is not explained at all: an echo that is louder by chance is so by little. */
const ALL_UNEXPLAINED_DB = 1;
/** What is heard in fewer bands counts as a part only: single bands differ by chance. */
const FEW_BANDS = BANDS / 2;
/** The bot's beginning is not compared: whoever begins soon after it, after a silence, begins alike. */
const BEGINNING_STEPS = 12;
/** A longer silence is no pause: where nothing comes back, nothing is compared. */
const PAUSE_STEPS = 30;
/** An echo that has been heard for so long has been compared at its delay. */
const COMPARED_STEPS = BEGINNING_STEPS + LEAST_STEPS + 18;

/** A person leaves some bands to the echo. Where even the lower quarter of late lies so far above the usual, the echo itself is louder. */
const LOUDER_DB = 3;
const LATELY = 60;

export interface Unexplained {
  /** Of what can be heard, how much the bot's own sound does not explain: 0 to 1. */
  readonly share: number;
  /** How closely what is heard follows the bot: -1 to 1. */
  readonly likeness: number;
  /**
   * `unknown`: the bot has not spoken long enough to know whether it is heard again. `echo`: it is, and how is just being learned.
   * `told`: `share` can be relied on.
   */
  readonly state: 'unknown' | 'echo' | 'told';
}

export interface EchoWatch {
  /** While the bot speaks, each frame of what is heard. @param endedAt epoch ms */
  onFrame(samples: Float32Array, endedAt: number): Unexplained;
  /** The bot is silent; what was learned of its echo is kept. */
  rest(): void;
}

/**
 * Explains away the bot's own echo, as echo cancellers do for the echo that is left: at which delay it comes, how loud in each band and
 * with how much reverberation. All is learned while the bot speaks, step by step of 16 ms.
 * @param playedAt what the bot plays at a time, in the bands; undefined where it is silent
 */
export function createEchoWatch(playedAt: (time: number) => BandPowers | undefined): EchoWatch {
  const silence = new Float64Array(BANDS);
  const quiet = createRooms()(silence);
  const bandsOf = createBandPowers(HEARING_RATE_HZ);
  const findDelay = createEchoDelay(DELAYS);
  const noise = new Float64Array(BANDS);
  let smoothing = createSmoothing();
  let rooms = createRooms();
  let path = createEchoPath();
  let excesses = createFadingHistogram(LATELY);
  let learnedDelay: number | undefined;
  let playedSteps = 0;
  let audibleSteps = 0;
  let quietSteps = 0;
  /** The end of the last frame by the stream's own count; undefined at rest. */
  let until: number | undefined;
  let line: InRooms[] = [];
  let begun = 0;
  let settled = { delay: -1, steps: 0 };

  const begin = (from: number) => {
    until = from;
    begun = 0;
    audibleSteps = 0;
    smoothing = createSmoothing();
    rooms = createRooms();
    line = Array.from({ length: DELAYS }, () => quiet);
    settled = { delay: -1, steps: 0 };
  };

  const forget = () => {
    path = createEchoPath();
    excesses = createFadingHistogram(LATELY);
  };

  const settle = (delay: number, likeness: number) => {
    const isSame = likeness >= ECHO_LIKENESS && Math.abs(delay - settled.delay) <= 1;
    settled = isSame ? { ...settled, steps: settled.steps + 1 } : { delay, steps: 0 };
    if (settled.steps < SETTLED_STEPS) return false;
    if (learnedDelay !== undefined && Math.abs(delay - learnedDelay) > SAME_DELAY_STEPS) forget();
    learnedDelay = delay;
    return true;
  };

  const stateOf = (likeness: number): Unexplained['state'] => {
    if (path.isKnown()) return 'told';
    if (likeness >= ECHO_LIKENESS) return 'echo';
    return audibleSteps < COMPARED_STEPS && playedSteps < DELAYS + COMPARED_STEPS ? 'unknown' : 'told';
  };

  const step = (powers: BandPowers, time: number): Unexplained => {
    const sounding = playedAt(time + EARLIEST_MS);
    if (sounding !== undefined) playedSteps += 1;
    const arrived = rooms(sounding ?? silence);
    begun += 1;
    line.pop();
    line.unshift(arrived);
    const heard = smoothing(powers).map(toDb);
    for (const [band, level] of heard.entries()) noise[band] = Math.min(level, (noise[band] ?? 0) + NOISE_RISES_DB);
    const aboveNoise = heard.map((level, band) => Math.max(level, (noise[band] ?? 0) + NOISE_DB));
    const isAudible = (band: number) => (heard[band] ?? 0) > (noise[band] ?? 0) + AUDIBLE_DB;
    const audible = Array.from({ length: BANDS }, (_, band) => band).filter(isAudible);
    quietSteps = audible.length > 0 ? 0 : quietSteps + 1;
    const comparable = quietSteps > PAUSE_STEPS ? 0 : begun - BEGINNING_STEPS;
    const { delay, likeness } = findDelay(aboveNoise, (ago) => (ago < comparable ? line[ago] : undefined));
    const isEcho = settle(delay, likeness);
    const played = line[learnedDelay ?? delay] ?? quiet;
    if (audible.length > 0) audibleSteps += 1;
    if (path.isKnown()) {
      for (const excess of audible.map(path.excess(heard, played))) excesses.add(excess);
      if (likeness >= ECHO_LIKENESS && excesses.quantile(0.25) > LOUDER_DB) forget();
    }
    const state = stateOf(likeness);
    const unexplained =
      state === 'told' && path.isKnown()
        ? path.unexplained(heard, played)
        : () => (state === 'echo' ? 0 : ALL_UNEXPLAINED_DB);
    const unexplainedDb = audible.reduce((sum, band) => sum + unexplained(band), 0);
    const share = Math.min(1, unexplainedDb / (ALL_UNEXPLAINED_DB * Math.max(FEW_BANDS, audible.length)));
    // Where the bot could be heard and is not, it has become quieter: headphones, or a lower volume.
    if (isEcho || (path.isKnown() && audible.length === 0)) path.learn(heard, played);
    return { share, likeness, state };
  };

  return {
    onFrame(samples, endedAt) {
      const lengthMs = (samples.length * 1000) / HEARING_RATE_HZ;
      if (until === undefined || Math.abs(until + lengthMs - endedAt) > GAP_MS) begin(endedAt - lengthMs);
      const from = until ?? 0;
      until = from + lengthMs;
      const steps = bandsOf(samples).map((powers, index) => step(powers, from + index * STEP_MS));
      const share = steps.reduce((sum, one) => sum + one.share, 0) / Math.max(1, steps.length);
      return { ...(steps.at(-1) ?? { likeness: 0, state: 'unknown' }), share };
    },
    rest() {
      until = undefined;
    },
  };
}
