import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { isServiceError } from '@understudy/shared/errors';
import { systemClock } from '@understudy/shared/service';
import { synthesize } from '../src/providers/synthesize.ts';
import { transcribe } from '../src/providers/transcribe.ts';
import { createVoiceClient } from '../src/providers/voice-client.ts';

const VARIABLE = 'UNDERSTUDY_HOSTS';
const before = process.env[VARIABLE];
after(() => {
  if (before === undefined) delete process.env[VARIABLE];
  else process.env[VARIABLE] = before;
});

/** A server below HTTP. `undefined`: nobody listens at the port any more. */
async function withPort(
  onConnection: ((socket: Socket) => void) | undefined,
  play: (port: number, hangUp: () => void) => Promise<void>,
) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection?.(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens to no port');
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  const close = async () => {
    hangUp();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  try {
    if (onConnection === undefined) await close();
    await play(address.port, hangUp);
  } finally {
    await close();
  }
}

const told = async (call: Promise<unknown>): Promise<string> => {
  const error: unknown = await call.catch((reason: unknown) => reason);
  return isServiceError(error) ? `${error.code}: ${error.message}` : `no failure: ${String(error)}`;
};
const providerAt = (base_url: string) => ({ name: 'local', base_url, model: 'voice-1' });
const hear = (base_url: string) => {
  const provider = providerAt(base_url);
  const client = createVoiceClient('TRANSCRIPTION', provider);
  return told(transcribe({ client, provider, samples: new Float32Array(160), timeoutMs: 20_000, clock: systemClock }));
};

test('nobody listens: TCP, and in a container what to write instead', async () => {
  process.env[VARIABLE] = 'simulators=simulators';
  await withPort(undefined, async (port) => {
    assert.equal(
      await hear(`http://127.0.0.1:${port}/v1`),
      `TRANSCRIPTION_FAILED: Provider local at 127.0.0.1:${port} (model voice-1) cannot be reached: no connection (TCP, ECONNREFUSED). ` +
        `In a container 127.0.0.1 is the container itself: set base_url to http://host.docker.internal:${port}/v1, and let the server ` +
        'listen on 0.0.0.0 (Ollama: OLLAMA_HOST, llama.cpp: --host). Is it running? Check its base_url and model in audio.transcription.',
    );
  });
});

for (const [what, scheme, words] of [
  [
    'something that is no web server',
    'http',
    /cannot be reached: what answers there does not speak HTTP \(HTTP, \w+\)/,
  ],
  ['something that speaks no TLS', 'https', /cannot be reached: no secure connection \(TLS, ERR_SSL_\w+\)/],
] as const) {
  test(`${what} is told as such`, async () => {
    const garble = (socket: Socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n'));
    await withPort(garble, async (port) => assert.match(await hear(`${scheme}://127.0.0.1:${port}/v1`), words));
  });
}

test('a speech that breaks off after its first sound fails in its pieces, with the reason of the transport', async () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: audio/pcm\r\ncontent-length: 100000\r\n\r\n';
  const begins = (socket: Socket) =>
    socket.once('data', () => socket.write(Buffer.concat([Buffer.from(head), Buffer.alloc(9600, 1)])));
  await withPort(begins, async (port, hangUp) => {
    const provider = providerAt(`http://127.0.0.1:${port}/v1`);
    const speech = await synthesize({
      client: createVoiceClient('SPEECH', provider),
      provider,
      text: 'Hello.',
      firstByteTimeoutMs: 20_000,
      clock: systemClock,
      signal: new AbortController().signal,
    });
    hangUp();
    const listen = async () => {
      for await (const piece of speech.pieces) assert.ok(piece.length > 0);
    };
    assert.match(await told(listen()), /^SPEECH_FAILED: .* broke off in the middle of its answer \(UND_ERR_SOCKET\)/);
  });
});
