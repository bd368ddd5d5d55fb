import assert from 'node:assert/strict';
import { it } from 'node:test';
import { emotionOf } from './emotion.ts';

const CASES = [
  ['Hey! Good to see you.', 'happy'],
  ['That is so funny 😂', 'happy'],
  ['What a day!', 'happy'],
  ['I am sorry to hear that.', 'sad'],
  ['Oh no, I am so glad you are back!', 'sad'],
  ['The museum opens at nine.', 'neutral'],
  ['', 'neutral'],
] as const;

for (const [sentence, emotion] of CASES) {
  it(`"${sentence}" is said with a ${emotion} face`, () => assert.equal(emotionOf(sentence), emotion));
}
