import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeContext } from '@understudy/shared/testing';
import { FRAME_MS, FRAME_SAMPLES } from '../src/audio/frame-cutter.ts';
import { loudnessDb } from '../src/audio/loudness.ts';
import { createEchoWatch } from '../src/echo/echo-watch.ts';
import { createOwnVoice, type Playing } from '../src/echo/own-voice.ts';
import { createBargeIn } from '../src/hearing/barge-in.ts';
import { createListener } from '../src/hearing/listen.ts';
import { PLAYED_RATE_HZ, playScene, type Room, type Scene, someRoom, type Viewer } from './echo-scene.ts';
import { noEspeak } from './speak-with-espeak.ts';

const ROOMS = Array.from({ length: 12 }, (_, index) => someRoom(index * 100));
const BARGE_IN_MS = 400;
const SECONDS = 16;

/** Hears a scene as the service does, with a detector that knows the noise. @returns when somebody was found to speak over the bot */
function bargeIns({ sentences, botEndsMs, microphone }: Scene, noiseDb: number): number[] {
  const context = createFakeContext('audio-gateway', {});
  const found: number[] = [];
  let now = 0;
  const clock = { now: () => now };
  const ownVoice = createOwnVoice(clock);
  const listener = createListener({
    clock,
    settings: () => context.config().audio.speech_detection,
    detector: { judge: (frame, answer) => answer(loudnessDb(frame) > noiseDb + 4 ? 1 : 0), interrupt: () => {} },
    isAllowed: () => true,
    onUtterance: () => {},
    onFrame: createBargeIn(context, {
      echo: createEchoWatch(ownVoice.playedAt),
      isBotSpeaking: () => now >= (sentences[0]?.atMs ?? 0) && now <= botEndsMs,
      stopBot: () => void found.push(now),
    }),
    onDropped: () => {},
  });
  const coming = [...sentences];
  for (let at = 0; at < microphone.length; at += FRAME_SAMPLES) {
    now += FRAME_MS;
    while ((coming[0]?.atMs ?? Number.POSITIVE_INFINITY) <= now)
      begin(ownVoice.onPlaying(PLAYED_RATE_HZ), coming.shift());
    listener.onSamples(microphone.subarray(at, at + FRAME_SAMPLES));
  }
  return found;
}

function begin(playing: Playing, sentence: Scene['sentences'][number] | undefined): void {
  if (sentence === undefined) return;
  playing.push(sentence.samples);
  playing.began(sentence.atMs);
}

/** Milliseconds from the viewer's first sound to the bot's end. */
function foundAfter(room: Room, viewer: Viewer): number | undefined {
  const found = bargeIns(playScene(room, SECONDS, viewer), room.noiseDb);
  assert.ok(
    found.every((at) => at > viewer.atMs),
    `the bot interrupted itself at ${found}: ${JSON.stringify(room)}`,
  );
  return found[0] === undefined ? undefined : found[0] - viewer.atMs;
}

test('echo alone, minutes of it in all kinds of rooms, never stops the bot', { skip: noEspeak }, () => {
  for (const room of ROOMS) {
    assert.deepEqual(bargeIns(playScene(room, SECONDS), room.noiseDb), [], JSON.stringify(room));
  }
});

test('a viewer as loud as the echo or a little softer is found within 2 s; half as loud, while he speaks', {
  skip: noEspeak,
}, () => {
  const after = (overEchoDb: number) => ROOMS.map((room) => foundAfter(room, { atMs: 7000, overEchoDb }));
  const times = [...after(0), ...after(-3)];
  const inTime = times.filter((ms) => ms !== undefined && ms <= BARGE_IN_MS + 2000);
  assert.ok(inTime.length >= 0.95 * times.length, `${inTime.length} of ${times.length}: ${times}`);
  const half = after(-6);
  const found = half.filter((ms) => ms !== undefined && ms <= BARGE_IN_MS + 3000);
  assert.ok(found.length >= 0.9 * half.length, `${found.length} of ${half.length}: ${half}`);
});

test('a viewer is found while he speaks, also in the first seconds after a start, when the echo is just being learned', {
  skip: noEspeak,
}, () => {
  const times = ROOMS.map((room) => foundAfter(room, { atMs: 1500, overEchoDb: -3 }));
  const found = times.filter((ms) => ms !== undefined && ms <= BARGE_IN_MS + 3000);
  assert.ok(found.length >= 0.9 * times.length, `${found.length} of ${times.length}: ${times}`);
});

test('a viewer over a quiet echo, or with headphones, is found at once', { skip: noEspeak }, () => {
  const quiet = ROOMS.map((room) => foundAfter({ ...room, gain: 0.05, noiseDb: -60 }, { atMs: 7000, overEchoDb: 20 }));
  const without = ROOMS.map((room) => foundAfter({ ...room, gain: 0, noiseDb: -60 }, { atMs: 7000, overEchoDb: 0 }));
  const times = [...quiet, ...without].map((ms) => ms ?? Number.POSITIVE_INFINITY).toSorted((a, b) => a - b);
  // Silence does not count, and some of them say 'Stop,' and wait; a first word may be like the bot's by chance.
  assert.ok((times[times.length / 2] ?? 0) <= BARGE_IN_MS + 100, `${quiet}; ${without}`);
  assert.ok((times.at(-1) ?? 0) <= BARGE_IN_MS + 1000, `${quiet}; ${without}`);
});

test('with headphones a viewer is found in the very first words of the bot', { skip: noEspeak }, () => {
  for (const room of ROOMS) {
    const ms = foundAfter({ ...room, gain: 0 }, { atMs: 700, overEchoDb: 0 });
    assert.ok(ms !== undefined && ms <= BARGE_IN_MS + 1500, `${ms}: ${JSON.stringify(room)}`);
  }
});

test('an echo that grows louder, or begins, is learned anew within 3 s', { skip: noEspeak }, () => {
  for (const room of ROOMS.slice(0, 6).map((one) => ({ ...one, noiseDb: -60 }))) {
    for (const [before, after] of [
      [0.1, 0.3],
      [0, 0.3],
      [0.3, 0],
    ] as const) {
      const scene = playScene({ ...room, gain: before }, SECONDS);
      const half = scene.microphone.length / 2;
      scene.microphone.set(playScene({ ...room, gain: after }, SECONDS).microphone.subarray(half), half);
      const late = bargeIns(scene, room.noiseDb).filter((at) => at > (SECONDS * 1000) / 2 + 3000);
      assert.deepEqual(late, [], `${before} to ${after}: ${JSON.stringify(room)}`);
    }
  }
});
