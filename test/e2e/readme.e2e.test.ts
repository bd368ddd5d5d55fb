import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Stack, startStack } from './stack.ts';

const README = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');

/** The indented lines of the transcript: the story. */
const transcript = (): string[] => {
  const block = README.split('<!-- transcript:')[1]?.split('```')[1] ?? '';
  return block.split('\n').filter((line) => line.startsWith('  '));
};
const withoutNumbers = (line: string): string => line.trim().replaceAll(/\d+ ms/g, 'N ms');

describe("the README's transcript", () => {
  let stack: Stack;
  before(async () => {
    stack = await startStack();
  });
  after(() => stack.stop());

  test('is what happens', async () => {
    await stack.inject('audio_device_unavailable', { target: 'headset-mic', durationMs: 6000 });
    const { id } = await stack.waitForIncident('AUDIO_DEVICE_LOST', ({ state }) => state === 'resolved', 'is resolved');
    const { story } = await stack.incident(id);
    assert.deepEqual(
      story.map(({ text }) => withoutNumbers(text)),
      transcript().map(withoutNumbers),
    );
  });
});
