import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** An RTSP camera (RFC 2326) over TCP: its pictures are made by an ffmpeg, as MPEG-TS in RTP (RFC 2250), which needs no codec's own packing. */
export interface RtspPeer {
  /** `127.0.0.1:8554/stage` */
  readonly place: string;
  readonly port: number;
  viewers(): number;
  /** Ends streams and server, as a loss of power would. */
  close(): Promise<void>;
}

export interface RtspAccount {
  readonly user: string;
  readonly password: string;
}

const TS_PACKET = 188;
/** 1316 bytes fit the usual packet of a network. */
const TS_PACKETS_EACH = 7;
const MPEG_TS = 33;
const TICKS_PER_MS = 90;
const NONCE = 'f00d';
const REALM = 'stage';

const SDP = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=stage\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 0 RTP/AVP ${MPEG_TS}\r\na=control:video\r\n`;

const PICTURES = [
  ...['-loglevel', 'error', '-nostdin', '-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10'],
  ...['-c:v', 'mpeg2video', '-threads', '1', '-g', '5', '-f', 'mpegts', 'pipe:1'],
];

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Digest without `qop` (RFC 2069), as simple cameras use it. */
function isAllowed(request: string, account: RtspAccount | undefined): boolean {
  if (account === undefined) return true;
  const [, uri, response] = /^Authorization: Digest .*uri="([^"]*)".*response="([^"]*)"/im.exec(request) ?? [];
  const method = request.split(' ', 1)[0];
  const who = md5(`${account.user}:${REALM}:${account.password}`);
  return response === md5(`${who}:${NONCE}:${md5(`${method}:${uri}`)}`);
}

/** An RTP packet between the words of RTSP: `$`, the channel, its length. */
function interleave(payload: Buffer, sequence: number): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt8(0x24, 0);
  head.writeUInt16BE(12 + payload.length, 2);
  head.writeUInt8(0x80, 4);
  head.writeUInt8(MPEG_TS, 5);
  head.writeUInt16BE(sequence & 0xffff, 6);
  head.writeUInt32BE(Math.round(performance.now() * TICKS_PER_MS) >>> 0, 8);
  head.writeUInt32BE(0x5747, 12);
  return Buffer.concat([head, payload]);
}

/** Sends pictures until it is ended. */
function play(socket: Socket): ChildProcess {
  const camera = spawn('ffmpeg', PICTURES, { stdio: ['ignore', 'pipe', 'ignore'] });
  let waiting = Buffer.alloc(0);
  let sequence = 0;
  camera.stdout.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= TS_PACKET) {
      const bytes = Math.min(TS_PACKETS_EACH, Math.floor(waiting.length / TS_PACKET)) * TS_PACKET;
      if (!socket.destroyed) socket.write(interleave(waiting.subarray(0, bytes), sequence++));
      waiting = waiting.subarray(bytes);
    }
  });
  return camera;
}

/** Takes one request off the bytes; what the viewer says about the stream (`$`, RTCP) is left out. */
function takeRequest(bytes: Buffer): { readonly request?: string; readonly rest: Buffer } {
  if (bytes[0] === 0x24) {
    const end = bytes.length < 4 ? Number.POSITIVE_INFINITY : 4 + bytes.readUInt16BE(2);
    return bytes.length < end ? { rest: bytes } : takeRequest(bytes.subarray(end));
  }
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return { rest: bytes };
  return { request: bytes.toString('latin1', 0, end), rest: bytes.subarray(end + 4) };
}

function serve(socket: Socket, account: RtspAccount | undefined): void {
  let camera: ChildProcess | undefined;
  let bytes = Buffer.alloc(0);

  function answer(request: string): void {
    const sequence = /^CSeq: *(\d+)/im.exec(request)?.[1] ?? '0';
    const say = (status: string, headers = '', body = ''): void => {
      const length = body === '' ? '' : `Content-Length: ${body.length}\r\n`;
      socket.write(`RTSP/1.0 ${status}\r\nCSeq: ${sequence}\r\n${headers}${length}\r\n${body}`);
    };
    const method = request.split(' ', 1)[0];
    if (method === 'OPTIONS') {
      say('200 OK', 'Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n');
      return;
    }
    if (!isAllowed(request, account)) {
      say('401 Unauthorized', `WWW-Authenticate: Digest realm="${REALM}", nonce="${NONCE}"\r\n`);
      return;
    }
    switch (method) {
      case 'DESCRIBE':
        say('200 OK', 'Content-Type: application/sdp\r\n', SDP);
        break;
      case 'SETUP':
        say('200 OK', 'Session: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n');
        break;
      case 'PLAY':
        say('200 OK', 'Session: 1\r\n');
        camera ??= play(socket);
        break;
      case 'TEARDOWN':
        say('200 OK', 'Session: 1\r\n');
        socket.end();
        break;
      default:
        say('501 Not Implemented');
    }
  }

  socket.on('error', () => {});
  socket.on('close', () => camera?.kill('SIGKILL'));
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (;;) {
      const { request, rest } = takeRequest(bytes);
      bytes = Buffer.from(rest);
      if (request === undefined) return;
      answer(request);
    }
  });
}

export async function startRtspPeer({
  port = 0,
  account,
}: {
  readonly port?: number;
  readonly account?: RtspAccount;
} = {}): Promise<RtspPeer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, account);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    place: `127.0.0.1:${address.port}/stage`,
    port: address.port,
    viewers: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
