import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import type { Incident } from '@understudy/shared/contracts';
import { freePorts, waitFor } from '@understudy/shared/testing';
import { type PulseServer, startPulseServer } from '../../services/audio-gateway/test/pulse-server.ts';
import { type LibloPeer, startLibloPeer } from '../peers/liblo-peer.ts';
import { missingPrograms } from '../peers/missing-programs.ts';
import { speakToFile, startVoiceEngine, type VoiceEngine } from '../peers/voice-engine.ts';
import { LIMIT_MS, type Stack, startStack } from './stack.ts';

const run = promisify(execFile);
const PROGRAMS = [
  'pulseaudio',
  'pactl',
  'parec',
  'pacat',
  'paplay',
  'espeak-ng',
  'ffmpeg',
  'oscdump',
  'oscsend',
  'pocketsphinx_continuous',
];
/** Each understood 24 times of 24 by pocketsphinx, at any place in a recording: of one that is not, a whole run fails. */
const SENTENCES = [
  'how are you today',
  'tell me a story about a fox',
  'what do you like to eat',
  'are you a robot',
  'where did you learn to speak',
  'what is your favourite colour',
  'can you sing a little song',
  'who is your best friend',
] as const;
/** Half of full scale is 0.5; a null sink's silence is 0. */
const AUDIBLE = 0.02;

/** Real sound devices, a real voice, a real ear, a real engine for each, and a foreign OSC program in place of VRChat; the model alone is simulated. */
describe('a conversation by voice, while one part after another breaks', { skip: missingPrograms(...PROGRAMS) }, () => {
  let sound: PulseServer;
  let engine: VoiceEngine;
  let game: LibloPeer;
  let stack: Stack;
  const sentences = SENTENCES.values();

  before(async () => {
    const [receivePort = 0, sendPort = 0] = await freePorts(2);
    sound = await startPulseServer({ microphones: ['mic', 'spare_mic'], speakers: ['speaker', 'spare_speaker'] });
    engine = await startVoiceEngine(SENTENCES);
    game = startLibloPeer({ receivePort, sendPort, echo: 'UnderstudyProbe' });
    stack = await startStack({
      vrchat: { host: '127.0.0.1', send_port: receivePort, receive_port: sendPort },
      audio: {
        pulse: { server: sound.address },
        // A null sink is silent between two sentences, as no microphone is.
        silence_timeout_ms: 3_600_000,
        inputs: [
          { id: 'mic', kind: 'pulse', source: 'mic' },
          { id: 'spare-mic', kind: 'pulse', source: 'spare_mic' },
        ],
        outputs: [
          { id: 'speaker', kind: 'pulse', sink: 'speaker' },
          { id: 'spare-speaker', kind: 'pulse', sink: 'spare_speaker' },
        ],
        transcription: {
          timeout_ms: LIMIT_MS,
          providers: [{ name: 'sphinx', base_url: engine.url, model: 'en-us' }],
        },
        speech: {
          first_byte_timeout_ms: LIMIT_MS,
          providers: [{ name: 'espeak', base_url: engine.url, model: 'espeak', voice: 'en-us' }],
        },
      },
      // Real engines on a busy machine: what is late is said all the same.
      turn: { budget_ms: LIMIT_MS },
    });
  });
  after(async () => {
    await stack?.stop();
    await game?.stop();
    await engine?.close();
    await sound?.stop();
  });

  /** Somebody says a sentence; it is understood, answered aloud and shown. */
  const converse = async ({ microphone = 'mic', speaker = 'speaker' } = {}): Promise<void> => {
    const sentence = sentences.next().value ?? SENTENCES[0];
    const understood = engine.transcripts().length;
    const shown = game.received().length;
    const file = join(sound.folder, 'said.wav');
    await speakToFile(sentence, file);
    const recording = await sound.record(`${speaker}.monitor`);
    try {
      await run('paplay', [`--device=${microphone}_feed`, file], {
        env: { ...process.env, PULSE_SERVER: sound.address },
      });
      await waitFor(
        () => engine.transcripts().slice(understood).includes(sentence),
        `"${sentence}" to be understood`,
        LIMIT_MS,
      );
      await waitFor(
        () =>
          game
            .received()
            .slice(shown)
            .some((message) => /^\/chatbox\/input s[TF]{2} "./.test(message)),
        'the answer in the chatbox',
        LIMIT_MS,
      );
      await waitFor(() => audibleSeconds(recording.samples()) > 0.5, 'the answer to be heard', LIMIT_MS);
    } finally {
      await recording.stop();
    }
  };
  const isVerified = ({ verifiedAt }: Incident): boolean => verifiedAt !== undefined;
  const heals = (code: string) => stack.waitForIncident(code, ({ state }) => state === 'resolved', 'is resolved');

  test('nothing is broken', async () => {
    await converse();
    assert.equal((await stack.status()).mode, 'full');
  });

  test('the microphone is unplugged, and plugged in again', async () => {
    await sound.unplug('mic');
    await stack.waitForIncident('AUDIO_DEVICE_LOST', isVerified, 'goes on with the spare one');
    await converse({ microphone: 'spare_mic' });
    await sound.plugMicrophone('mic');
    await heals('AUDIO_DEVICE_LOST');
    await stack.waitForCalm();
    await converse();
  });

  test('the speaker is unplugged, and plugged in again', async () => {
    await sound.unplug('speaker');
    await stack.waitForIncident('AUDIO_OUTPUT_LOST', isVerified, 'goes on with the spare one');
    await converse({ speaker: 'spare_speaker' });
    await sound.plugSpeaker('speaker');
    await heals('AUDIO_OUTPUT_LOST');
    await stack.waitForCalm();
    await converse();
  });

  test('the sound server is killed, and started again', async () => {
    await sound.kill();
    await stack
      .waitForIncident('AUDIO_SERVER_LOST', () => true, 'is told')
      .catch(async (error: unknown) => {
        throw new Error(`${String(error)}; there are ${(await stack.incidents()).map(({ code }) => code).join(', ')}`);
      });
    assert.ok((await stack.input('Can you hear me?')).message.length > 0);
    await sound.restart();
    await stack.waitForCalm();
    await converse();
  });

  test('the voice engine ends, and starts again', async () => {
    await engine.stop();
    const file = join(sound.folder, 'said.wav');
    await speakToFile('who is there', file);
    await run('paplay', ['--device=mic_feed', file], { env: { ...process.env, PULSE_SERVER: sound.address } });
    await stack.waitForIncident('TRANSCRIPTION_FAILED', () => true, 'is told');
    await engine.start();
    await heals('TRANSCRIPTION_FAILED');
    await stack.waitForCalm();
    await converse();
  });

  test('the game ends, and starts again', async () => {
    await game.stop();
    await stack.waitForIncident('OSC_CONNECTION_LOST', () => true, 'is told');
    game.start();
    await heals('OSC_CONNECTION_LOST');
    await stack.waitForCalm();
    await converse();
  });

  test('the model is overloaded, and is well again', async () => {
    await stack.inject('llm_overloaded', { target: 'primary' });
    await stack.input('Are you tired?');
    await stack.waitForIncident('LLM_OVERLOADED', isVerified, 'goes on with the backup');
    await converse();
    await stack.simulators.mend();
    await stack.waitForCalm();
  });
});

/** Seconds of 50 ms in which something can be heard. */
function audibleSeconds(samples: Float32Array): number {
  const window = 800;
  let audible = 0;
  for (let from = 0; from + window <= samples.length; from += window) {
    const loudest = samples.subarray(from, from + window).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    if (loudest > AUDIBLE) audible += 1;
  }
  return (audible * window) / 16_000;
}
