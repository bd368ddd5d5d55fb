import { FRAME_SAMPLES, HEARING_RATE_HZ } from '../src/audio/frame-cutter.ts';
import { speakWithEspeak } from './speak-with-espeak.ts';

export const PLAYED_RATE_HZ = 24_000;
const PER_MS = HEARING_RATE_HZ / 1000;
const BOT_FROM_MS = 320;

const BOTS = [
  {
    voice: 'en-us+f3',
    wordsPerMinute: 175,
    lines: [
      'I really like your hat, Sam. Tell me more about the world that you built last night.',
      'Well, that is a good question.',
      'Yesterday somebody told me a joke about a robot, but I forgot how it ended.',
      'Shall we go and see the garden behind the house? It has a small pond with fish in it.',
    ],
  },
  {
    voice: 'de+f2',
    wordsPerMinute: 165,
    lines: [
      'Ich finde deinen Hut wirklich schön, erzähl mir mehr von der Welt, die du gestern gebaut hast.',
      'Hallo und willkommen!',
      'Es hat den ganzen Tag geregnet, also blieben wir drinnen und hörten Musik.',
    ],
  },
  {
    voice: 'fr-fr+f4',
    wordsPerMinute: 190,
    lines: [
      "J'aime beaucoup ton chapeau, raconte-moi encore le monde que tu as construit hier soir.",
      'Voilà une bonne question.',
      'Allons voir le jardin derrière la maison, il y a un petit étang avec des poissons.',
    ],
  },
  {
    voice: 'en-gb',
    wordsPerMinute: 150,
    lines: [
      'My favourite place is the old library, because it is quiet there and the light is warm.',
      'It rained all day, so we stayed inside and listened to music until the evening came.',
    ],
  },
];

const VIEWERS = [
  {
    voice: 'en-us',
    wordsPerMinute: 175,
    line: 'Hello Mika, can you hear me? I wanted to ask you something about this place.',
  },
  {
    voice: 'en-gb+m3',
    wordsPerMinute: 160,
    line: 'Stop, stop talking please, I have a question for you about the time.',
  },
  {
    voice: 'de',
    wordsPerMinute: 170,
    line: 'Hallo, kannst du mich bitte einmal kurz hören, ich habe eine Frage an dich.',
  },
  {
    voice: 'es+m4',
    wordsPerMinute: 200,
    line: 'Espera un momento, quiero preguntarte una cosa sobre este lugar, por favor.',
  },
];

/** One of the same numbers for the same seed: 0 to 1 (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const oneOf = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)] as T;

/** How the bot's sound comes back. */
export interface Room {
  readonly seed: number;
  /** 0: it does not (headphones). */
  readonly gain: number;
  readonly delayMs: number;
  /** Until the reverberation has fallen by 60 dB. */
  readonly reverberationS: number;
  /** The direct sound over the reverberation. */
  readonly directDb: number;
  /** Of full scale. */
  readonly noiseDb: number;
}

/** Rooms of all kinds: gain 0.05 to 1, 20 to 800 ms, 0.2 to 0.6 s, noise of -60 to -40 dB, at least 15 dB below the bot's usual loudness. */
export function someRoom(seed: number): Room {
  const random = createRandom(seed);
  const gain = 0.05 * 20 ** random();
  return {
    seed,
    gain,
    delayMs: 20 + 780 * random(),
    reverberationS: 0.2 + 0.4 * random(),
    directDb: 6 * random(),
    noiseDb: Math.max(-60, Math.min(-40 - 20 * random(), 20 * Math.log10(gain) - 35)),
  };
}

export interface Viewer {
  readonly atMs: number;
  /** Loudness over the echo; where there is none, over -26 dB. */
  readonly overEchoDb: number;
}

export interface Scene {
  /** What the bot says, sentence by sentence. */
  readonly sentences: readonly { readonly atMs: number; readonly samples: Float32Array }[];
  readonly botEndsMs: number;
  /** Whole frames of 16 kHz. */
  readonly microphone: Float32Array;
}

const spoken = new Map<string, Float32Array>();
function say(line: string, voice: string, rateHz: number, wordsPerMinute: number): Float32Array {
  const key = `${voice} ${rateHz} ${wordsPerMinute} ${line}`;
  const samples = spoken.get(key) ?? speakWithEspeak(line, voice, rateHz, wordsPerMinute);
  spoken.set(key, samples);
  return samples;
}

/** A room's answer to a click: the direct sound, then scattered clicks that die away. */
function answerOf({ seed, reverberationS, directDb }: Room): [at: number, gain: number][] {
  const random = createRandom(seed + 1);
  const length = reverberationS * HEARING_RATE_HZ;
  const tail: [number, number][] = [];
  for (let at = 16; at < length; at += 1 + Math.floor(16 * random())) {
    tail.push([at, (random() < 0.5 ? -1 : 1) * 10 ** ((-3 * at) / length)]);
  }
  const scale = Math.sqrt(10 ** (-directDb / 10) / tail.reduce((sum, [, gain]) => sum + gain * gain, 0));
  return [[0, 1], ...tail.map(([at, gain]): [number, number] => [at, gain * scale])];
}

function add(to: Float32Array, samples: Float32Array, offset: number, gain: number): void {
  const end = Math.min(samples.length, to.length - offset);
  for (let index = 0; index < end; index += 1)
    to[offset + index] = (to[offset + index] ?? 0) + gain * (samples[index] ?? 0);
}

/** Of the louder half of its pieces of 20 ms. */
function loudnessOf(samples: Float32Array): number {
  const powers: number[] = [];
  for (let at = 0; at + 320 <= samples.length; at += 320) {
    powers.push(samples.subarray(at, at + 320).reduce((sum, sample) => sum + sample * sample, 0) / 320);
  }
  powers.sort((a, b) => b - a);
  const louder = powers.slice(0, Math.ceil(powers.length / 2));
  return Math.sqrt(louder.reduce((sum, power) => sum + power, 0) / louder.length);
}

/** What the bot says all the time, and its echo at gain 1. */
interface Speaking extends Pick<Scene, 'sentences' | 'botEndsMs'> {
  readonly echo: Float32Array;
}

const speaking = new Map<string, Speaking>();

function speakIn(room: Room, seconds: number): Speaking {
  // The slow part, and the same for every gain and viewer.
  const key = `${room.seed} ${seconds}`;
  const known = speaking.get(key);
  if (known) return known;
  const random = createRandom(room.seed + 2);
  const bot = oneOf(BOTS, random);
  const echo = new Float32Array(Math.floor((seconds * HEARING_RATE_HZ) / FRAME_SAMPLES) * FRAME_SAMPLES);
  const sentences: { atMs: number; samples: Float32Array }[] = [];
  const answer = answerOf(room);
  let atMs = BOT_FROM_MS;
  let botEndsMs = 0;
  for (let line = Math.floor(random() * 4); atMs < seconds * 1000 - 500; line += 1) {
    const text = bot.lines[line % bot.lines.length] ?? '';
    sentences.push({ atMs, samples: say(text, bot.voice, PLAYED_RATE_HZ, bot.wordsPerMinute) });
    const sound = say(text, bot.voice, HEARING_RATE_HZ, bot.wordsPerMinute);
    // Each sentence begins a little earlier or later than it was told.
    const offset = Math.round((atMs + room.delayMs + 16 * (random() - 0.5)) * PER_MS);
    for (const [at, gain] of answer) add(echo, sound, offset + at, gain);
    botEndsMs = atMs + sound.length / PER_MS;
    atMs = botEndsMs + 80 + 300 * random();
  }
  const spokenIn = { sentences, botEndsMs, echo };
  speaking.set(key, spokenIn);
  return spokenIn;
}

/** The bot speaks, its echo comes back, and somebody speaks over it. */
export function playScene(room: Room, seconds: number, viewer?: Viewer): Scene {
  const { sentences, botEndsMs, echo } = speakIn(room, seconds);
  const random = createRandom(room.seed + 3);
  const microphone = echo.map((sample) => sample * room.gain);
  if (viewer) {
    const { voice, wordsPerMinute, line } = oneOf(VIEWERS, random);
    const whole = say(line, voice, HEARING_RATE_HZ, wordsPerMinute);
    const sound = whole.subarray(whole.findIndex((sample) => Math.abs(sample) > 0.02));
    const loudness = room.gain === 0 ? 0.05 : loudnessOf(microphone);
    const gain = (loudness * 10 ** (viewer.overEchoDb / 20)) / loudnessOf(sound);
    add(microphone, sound, Math.round(viewer.atMs * PER_MS), gain);
  }
  const noise = 10 ** (room.noiseDb / 20);
  for (const [index, sample] of microphone.entries()) {
    const gauss = Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
    microphone[index] = Math.max(-1, Math.min(32_767 / 32_768, Math.round((sample + noise * gauss) * 32_768) / 32_768));
  }
  return { sentences, botEndsMs, microphone };
}
