import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { encodePcm16 } from '../audio/wav.ts';
import { createNoteReader, type StreamNote } from '../pulse/read-stream-notes.ts';
import type { PulseServer } from './pulse-server.ts';

export interface PulsePlayback {
  /** Waits while the child's pipe is full; returns at once when it is over. */
  write(samples: Float32Array): Promise<void>;
  /** Nothing more comes. @returns why it ended early; `undefined`: all was played */
  drain(): Promise<string | undefined>;
  /** Silence at once. */
  stop(): void;
}

/**
 * The server holds so much: a child that a busy system lets wait does not run dry (of 100 ms, four busy processes on two cores took four
 * gaps in 4 s). A stop drops what it holds.
 */
const HELD_MS = 400;
/** It asks for so much at a time; PulseAudio and PipeWire put into the device half of what remains of the above without two of these. */
const PORTION_MS = 150;
/** The end of a stream that is not heard any more when its clock stands still. */
const REST_MS = 100;
/** The stream's clock stands still for so long while there is sound to play: server or sink hang. */
const STUCK_MS = 2000;
/** Until the first sound. A null sink at rest ends its block of 2 s first (module-null-sink of PulseAudio, measured: up to 1.9 s). */
const FIRST_SOUND_MS = 4000;

interface PlaybackParts {
  /** The first sound is out; called once. */
  readonly onStarted: () => void;
  /** It tells how far it is, some times a second. */
  readonly onProgress: () => void;
}

/** `pacat` into one sink. A stream that is moved elsewhere, or whose clock stands still, is ended. @param rate Hz */
export function startPulsePlayback(
  server: Pick<PulseServer, 'env' | 'noteLife'>,
  sink: string,
  rate: number,
  { onStarted, onProgress }: PlaybackParts,
): PulsePlayback {
  const args = [
    '--playback',
    '-v',
    `--device=${sink}`,
    '--raw',
    '--format=s16le',
    `--rate=${rate}`,
    '--channels=1',
    `--latency-msec=${HELD_MS}`,
    `--process-time-msec=${PORTION_MS}`,
    '--client-name=understudy',
    '--property=node.dont-reconnect=true',
    '--property=node.dont-move=true',
  ];
  const child = spawn('pacat', args, { env: server.env, stdio: ['pipe', 'ignore', 'pipe'] });
  const over = Promise.withResolvers<string | undefined>();
  let isOver = false;
  let hasStarted = false;
  let isWhole = false;
  let said = '';
  let played = 0;
  let written = 0;
  let stuck: NodeJS.Timeout | undefined;

  const finish = (why: string | undefined) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(stuck);
    child.kill('SIGKILL');
    over.resolve(why);
  };
  /** Less than the server holds may not have begun to sound: it waits for more, unless that was all. */
  const hasSound = () => written - played > (isWhole ? REST_MS : HELD_MS) / 1000;
  /** Nothing to play is no fault: the clock stands while the synthesis is slow. */
  const awaitProgress = () => {
    clearTimeout(stuck);
    if (isOver) return;
    const limitMs = hasStarted ? STUCK_MS : FIRST_SOUND_MS;
    stuck = setTimeout(() => {
      if (hasSound()) finish(`${sink} played nothing for ${limitMs} ms`);
      else awaitProgress();
    }, limitMs);
  };

  const take = (note: StreamNote) => {
    switch (note.type) {
      case 'connected':
        if (note.device !== sink) finish(`the sound server opened ${note.device} instead of ${sink}`);
        break;
      case 'moved':
        finish(`the sound server moved the sound from ${sink} to ${note.device}`);
        break;
      case 'started':
        // Once more after each time in which there was nothing to play.
        if (!hasStarted) onStarted();
        hasStarted = true;
        awaitProgress();
        break;
      case 'time':
        onProgress();
        if (note.seconds <= played) break;
        played = note.seconds;
        server.noteLife();
        awaitProgress();
        break;
      case 'drained':
        finish(undefined);
        break;
      case 'failed':
        said = note.said;
    }
  };

  const readNotes = createNoteReader();
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    for (const note of readNotes(chunk)) take(note);
  });
  // A child that has ended closes its pipe; why it ended is told by `close`.
  child.stdin.on('error', () => {});
  child.on('error', () => finish('pacat is missing: apt install pulseaudio-utils'));
  child.on('close', (code) => finish(code === 0 ? undefined : `pacat ended with ${code}${said ? `: ${said}` : ''}`));
  awaitProgress();
  return {
    async write(samples) {
      if (isOver || samples.length === 0) return;
      // The time in which there was nothing to play does not count.
      if (!hasSound()) awaitProgress();
      written += samples.length / rate;
      if (child.stdin.write(encodePcm16(samples))) return;
      await Promise.race([over.promise, once(child.stdin, 'drain').catch(() => {})]);
    },
    drain() {
      isWhole = true;
      // What was too little to begin is played now.
      awaitProgress();
      if (!isOver) child.stdin.end();
      return over.promise;
    },
    stop: () => finish('stopped'),
  };
}
