import { spawn } from 'node:child_process';
import { decodePcm16 } from '../audio/wav.ts';
import { createNoteReader, type StreamNote } from '../pulse/read-stream-notes.ts';
import type { PulseServer } from './pulse-server.ts';

export interface PulseCapture {
  /** At once: nothing more is handed on, and the child is killed. */
  stop(): void;
}

interface CaptureParts {
  /** 16 kHz mono. */
  readonly onSamples: (samples: Float32Array) => void;
  /** It ended by itself; called once, never after `stop`. */
  readonly onEnd: (why: string) => void;
}

/**
 * `parec` from one source. A stream that the server moves elsewhere is ended, and none of the samples of that other device is handed on:
 * the server announces the move before it sends its first sample, `parec` writes the announcement before that sample, and each chunk is
 * held until the event loop has polled once more after it was read, so that an announcement that was written before is read before.
 */
export function startPulseCapture(
  { env, latencyMs }: Pick<PulseServer, 'env' | 'latencyMs'>,
  source: string,
  { onSamples, onEnd }: CaptureParts,
): PulseCapture {
  const args = [
    '-v',
    `--device=${source}`,
    '--raw',
    '--format=s16le',
    '--rate=16000',
    '--channels=1',
    `--latency-msec=${latencyMs}`,
    '--client-name=understudy',
    // PipeWire's words for the same: rather no stream than another device's.
    '--property=node.dont-reconnect=true',
    '--property=node.dont-move=true',
  ];
  const child = spawn('parec', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let isConnected = false;
  let isOver = false;
  let said = '';
  let odd = Buffer.alloc(0);

  const finish = (why: string | undefined) => {
    if (isOver) return;
    isOver = true;
    child.kill('SIGKILL');
    if (why !== undefined) onEnd(why);
  };

  const take = (note: StreamNote) => {
    if (note.type === 'connected') {
      if (note.device === source) isConnected = true;
      else finish(`the sound server opened ${note.device} instead of ${source}`);
    } else if (note.type === 'moved') finish(`the sound server moved the stream from ${source} to ${note.device}`);
    else if (note.type === 'failed') said = note.said;
  };

  const handOn = (chunk: Buffer) => {
    if (isOver || !isConnected) return;
    const bytes = odd.length === 0 ? chunk : Buffer.concat([odd, chunk]);
    odd = bytes.length % 2 === 0 ? Buffer.alloc(0) : Buffer.from(bytes.subarray(-1));
    onSamples(decodePcm16(bytes));
  };

  const readNotes = createNoteReader();
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    for (const note of readNotes(chunk)) take(note);
  });
  child.stdout.on('data', (chunk: Buffer) => {
    // One turn ends this poll of the loop, which may not have seen what stderr has; the second is after the next.
    setImmediate(() => setImmediate(() => handOn(chunk)));
  });
  child.on('error', () => finish('parec is missing: apt install pulseaudio-utils'));
  child.on('close', (code) => finish(`parec ended with ${code}${said ? `: ${said}` : ''}`));
  return { stop: () => finish(undefined) };
}
