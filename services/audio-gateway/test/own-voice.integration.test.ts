import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOwnVoice } from '../src/echo/own-voice.ts';
import { noEspeak, speakWithEspeak } from './speak-with-espeak.ts';

const LINE = 'I really like your hat, Sam. Tell me more about the world that you built last night.';
const BEGAN_AT = 1_000_000;
const DELAY_MS = 230;

/** A bot that speaks with one voice, and how its sound comes back 230 ms later. */
function setUp() {
  const ownVoice = createOwnVoice({ now: () => BEGAN_AT });
  const playing = ownVoice.onPlaying(24_000);
  playing.push(speakWithEspeak(LINE, 'en-us+f3', 24_000));
  playing.began(BEGAN_AT);
  const echo = speakWithEspeak(LINE, 'en-us+f3');
  const likeness = (samples: Float32Array) =>
    ownVoice.likeness({ samples, beganAt: BEGAN_AT + DELAY_MS }) ?? Number.NaN;
  return { echo, likeness };
}

const mixed = (a: Float32Array, b: Float32Array, gain: number) =>
  a.map((sample, index) => sample + gain * (b[index] ?? 0));
const power = (samples: Float32Array) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

test('the own voice is known again, quieter and in noise too', { skip: noEspeak }, () => {
  const { echo, likeness } = setUp();
  const noise = echo.map((_, index) => Math.sin(index * index * 0.37));
  assert.ok(likeness(echo) > 0.9);
  assert.ok(likeness(echo.map((sample) => sample * 0.1)) > 0.9);
  assert.ok(likeness(mixed(echo, noise, 0.01)) > 0.9);
});

test('a viewer alone, or as loud as the echo, is not taken for it', { skip: noEspeak }, () => {
  const { echo, likeness } = setUp();
  for (const [voice, text] of [
    ['en-us', 'Hello Mika, can you hear me? I wanted to ask you something about this place.'],
    ['en-gb', 'Stop, stop talking please, I have a question for you about the time.'],
    ['de', 'Hallo, kannst du mich bitte einmal kurz hören, ich habe eine Frage.'],
  ] as const) {
    const viewer = speakWithEspeak(text, voice);
    const together = mixed(echo, viewer, power(echo) / power(viewer)).subarray(0, Math.min(echo.length, viewer.length));
    assert.ok(likeness(viewer) < 0.7, `${voice} alone: ${likeness(viewer)}`);
    assert.ok(likeness(together) < 0.8, `${voice} over the bot: ${likeness(together)}`);
  }
});
