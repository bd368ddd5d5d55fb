import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createFakeContext } from '@understudy/shared/testing';
import { FRAME_MS, FRAME_SAMPLES } from '../src/audio/frame-cutter.ts';
import { type DetectionProcess, forkDetection } from '../src/detection/fork-detection.ts';
import { createSileroDetector } from '../src/detection/silero-detector.ts';
import { loadSileroModel } from '../src/detection/silero-model.ts';
import { createListener, type Heard } from '../src/hearing/listen.ts';
import { until } from './rig.ts';
import { noEspeak, speakWithEspeak } from './speak-with-espeak.ts';

/** The whole way from samples to utterances, with the real process, runtime and model. */
async function withDetector(
  play: (parts: {
    hear: (samples: Float32Array) => void;
    heard: Heard[];
    levels: string[];
    processes: DetectionProcess[];
    detector: ReturnType<typeof createSileroDetector>;
    errors: readonly { code: string; subject?: string }[];
    interrupt: () => void;
  }) => Promise<void>,
): Promise<void> {
  const context = createFakeContext('audio-gateway');
  const settings = () => context.config().audio.speech_detection;
  const processes: DetectionProcess[] = [];
  const levels: string[] = [];
  const heard: Heard[] = [];
  const detector = createSileroDetector(context, {
    settings,
    onLevel: ({ level, by }) => void levels.push(`${level} ${by}`),
    fork(events) {
      const process = forkDetection(events);
      processes.push(process);
      return process;
    },
  });
  const listener = createListener({
    clock: context.clock,
    settings,
    detector,
    isAllowed: () => true,
    onUtterance: (utterance) => void heard.push(utterance),
    onFrame: () => {},
    onDropped: () => {},
  });
  try {
    await play({
      hear: listener.onSamples,
      heard,
      levels,
      processes,
      detector,
      errors: context.errors,
      interrupt: listener.onInterrupted,
    });
  } finally {
    await detector.stop();
  }
}

/** A microphone is never quite silent. */
const noise = (ms: number, peak = 0.002): Float32Array =>
  Float32Array.from({ length: ms * 16 }, (_, index) => peak * Math.sin(index * index * 0.37));
const memoryMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

test('real voices are heard whole, noise and tones are not', { skip: noEspeak }, async () => {
  await withDetector(async ({ hear, heard, levels, errors, interrupt }) => {
    const sentences = [
      ['en-us', 'Hello Mika, what do you see?'],
      ['de', 'Hallo, kannst du mich hören?'],
      ['en-us+f3', 'I really like your hat.'],
    ] as const;
    const tone = Float32Array.from({ length: 32_000 }, (_, i) => 0.3 * Math.sin((2 * Math.PI * 440 * i) / 16_000));
    const voices = sentences.map(([voice, text]) => speakWithEspeak(text, voice));
    hear(noise(500, 0.1));
    for (const voice of voices) {
      hear(voice);
      hear(noise(1500));
    }
    await until('three utterances are heard', () => heard.length === 3);
    for (const [index, voice] of voices.entries()) {
      const said = (voice.length * 1000) / 16_000;
      const length = ((heard[index]?.samples.length ?? 0) * 1000) / 16_000;
      // With at most its pre-roll and its hangover, and never less than the words.
      assert.ok(length > said - 300 && length < said + 300 + 700, `${length} ms heard of ${said} ms`);
    }
    hear(tone);
    hear(noise(3000, 0.1));
    interrupt();
    await until('all is judged', () => levels.length > 0);
    assert.deepEqual({ count: heard.length, levels, errors }, { count: 3, levels: ['full silero'], errors: [] });
  });
});

test('a killed process: loudness stands in at once, told once, and another process takes over', {
  skip: noEspeak,
}, async () => {
  await withDetector(async ({ hear, heard, levels, processes, detector, errors }) => {
    const voice = speakWithEspeak('Hello Mika, what do you see?');
    const half = voice.length >> 1;
    hear(voice.subarray(0, half));
    await until('the model works', () => levels.includes('full silero'));
    const pid = processes[0]?.pid;
    assert.ok(pid !== undefined);
    if (process.platform === 'linux')
      console.log(`resident memory of the detection process: ${Math.round(memoryMb(pid))} MB`);
    process.kill(pid, 'SIGKILL');
    hear(voice.subarray(half));
    hear(noise(1500));
    await until('the utterance is heard all the same', () => heard.length === 1);
    assert.deepEqual(levels, ['full silero', 'degraded energy_detection']);
    assert.deepEqual(
      errors.map(({ code, subject }) => ({ code, subject })),
      [{ code: 'SPEECH_DETECTION_FAILED', subject: 'silero' }],
    );
    await until('another one is there', () => {
      hear(noise(FRAME_MS, 0.1));
      return levels.at(-1) === 'full silero';
    });
    assert.equal(errors.length, 1);
    assert.deepEqual(await detector.probe(AbortSignal.timeout(30_000)), {
      ok: true,
      detail: 'a new process told known speech from silence',
    });
    await detector.rest();
    for (const { pid: old } of processes) assert.throws(() => process.kill(old ?? 0, 0), { code: 'ESRCH' });
  });
});

test('1000 frames keep their order and are all answered', async () => {
  await withDetector(async ({ detector }) => {
    const answered: number[] = [];
    for (let index = 0; index < 1000; index += 1) {
      detector.judge(new Float32Array(FRAME_SAMPLES).fill(0.1), () => void answered.push(index));
    }
    await until('all are answered', () => answered.length === 1000);
    assert.deepEqual(
      answered,
      Array.from({ length: 1000 }, (_, index) => index),
    );
  });
});

test('a model file that is missing or broken is named', async () => {
  for (const [path, reason] of [
    ['/nowhere/silero.onnx', /\/nowhere\/silero\.onnx.*doesn't exist/s],
    [import.meta.filename, /speech-detection\.integration\.test\.ts.*protobuf/is],
  ] as const) {
    await assert.rejects(loadSileroModel(path), { message: reason });
  }
});
