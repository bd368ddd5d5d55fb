import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@understudy/shared/testing';

const run = promisify(execFile);
const MAX_BUFFER = 64 * 1024 * 1024;
/** What an OpenAI-compatible endpoint sends as `pcm`: Hz. */
const PCM_RATE_HZ = 24_000;

export interface VoiceEngine {
  /** For `base_url`. */
  readonly url: string;
  /** What was understood, oldest first. */
  transcripts(): readonly string[];
  /** The port stays its own until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** What espeak-ng says, as a WAV file that names its length. */
export async function speakToFile(text: string, file: string): Promise<void> {
  await run('espeak-ng', ['-v', 'en-us', '-s', '130', '-w', file, text]);
}

/**
 * Speech to text and text to speech at OpenAI's addresses, done by real engines: pocketsphinx, which looks for these sentences alone (a
 * synthetic voice is beyond its free dictation), and espeak-ng.
 */
export async function startVoiceEngine(sentences: readonly string[]): Promise<VoiceEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-voice-'));
  const grammar = join(folder, 'sentences.jsgf');
  writeFileSync(grammar, `#JSGF V1.0;\ngrammar sentences;\npublic <sentence> = ${sentences.join(' | ')};\n`);
  const transcripts: string[] = [];
  let uploads = 0;

  const transcribe = async (body: Buffer, contentType: string): Promise<string> => {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
    const upload = form.get('file');
    if (upload === null || typeof upload === 'string') throw new Error('no file');
    uploads += 1;
    const file = join(folder, `${uploads}.wav`);
    writeFileSync(file, Buffer.from(await upload.arrayBuffer()));
    const { stdout } = await run('pocketsphinx_continuous', ['-infile', file, '-jsgf', grammar, '-logfn', '/dev/null']);
    return stdout.trim().replaceAll('\n', ' ');
  };

  const speak = async (text: string): Promise<Buffer> => {
    uploads += 1;
    const file = join(folder, `${uploads}.wav`);
    await speakToFile(text, file);
    const pcm = ['-f', 's16le', '-ar', String(PCM_RATE_HZ), '-ac', '1', 'pipe:1'];
    const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', file, ...pcm], {
      encoding: 'buffer',
      maxBuffer: MAX_BUFFER,
    });
    return stdout;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    switch (request.url) {
      case '/v1/audio/transcriptions': {
        const text = await transcribe(body, request.headers['content-type'] ?? '');
        if (text !== '') transcripts.push(text);
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ text }));
        return;
      }
      case '/v1/audio/speech': {
        const { input }: { input: string } = JSON.parse(body.toString());
        response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(await speak(input));
        return;
      }
      default:
        response.writeHead(404).end();
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: String(error), type: 'server_error' } }));
    });
  });
  const port = await freePort();
  const start = async (): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  await start();
  return {
    url: `http://127.0.0.1:${port}/v1`,
    transcripts: () => transcripts,
    start,
    stop,
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
