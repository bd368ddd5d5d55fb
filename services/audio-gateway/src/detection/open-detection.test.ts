import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { createFakeClock } from '@understudy/shared/testing';
import type { DetectionEvents } from './fork-detection.ts';
import { openDetection } from './open-detection.ts';

test('a process that ends by itself leaves nothing behind at the signal', async () => {
  const { signal } = new AbortController();
  const processes: DetectionEvents[] = [];
  const detection = await openDetection({
    fork: (events) => {
      processes.push(events);
      const isSpeech = (samples: Float32Array) => samples.some((sample) => sample !== 0);
      return {
        pid: 1,
        send: ({ samples }) => events.onAnswer({ probability: isSpeech(samples) ? 1 : 0 }),
        async end() {},
      };
    },
    clock: createFakeClock(),
    signal,
  });
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  processes[0]?.onExit('was ended by SIGSEGV');
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  await assert.rejects(detection.judge(new Float32Array(512), true), {
    message: 'The process of speech detection was ended by SIGSEGV',
  });
});
