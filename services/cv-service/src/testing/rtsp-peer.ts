import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type RtspSender, type Sent, startRtspSender } from './rtsp-sender.ts';

/** An RTSP server (RFC 2326) with one path, as a camera or MediaMTX: what a sender sends is relayed to all who look. */
export interface RtspPeer {
  /** `127.0.0.1:8554/stage` */
  readonly place: string;
  readonly port: number;
  viewers(): number;
  /** While nobody sends, the path is not there. */
  begin(sent: Sent): Promise<void>;
  sender(): RtspSender;
  /** The sender goes, and with it all who look. */
  end(): Promise<void>;
  /** Ends streams and server, as a loss of power would. */
  close(): Promise<void>;
}

export interface RtspSettings {
  readonly port?: number;
  readonly account?: RtspAccount;
  /** What viewers can get at once; `undefined`: nobody sends yet. */
  readonly sent?: Sent | undefined;
  /** How packets travel. */
  readonly transport?: 'tcp' | 'udp';
}

export interface RtspAccount {
  readonly user: string;
  readonly password: string;
  readonly method: 'Basic' | 'Digest';
}

const NONCE = 'f00d';
const REALM = 'stage';
const SESSION = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=stage\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Digest without `qop` (RFC 2069), as simple cameras use it. */
function isAllowed(request: string, { user, password, method }: RtspAccount): boolean {
  if (method === 'Basic') {
    const sent = /^Authorization: Basic (\S+)/im.exec(request)?.[1] ?? '';
    return Buffer.from(sent, 'base64').toString() === `${user}:${password}`;
  }
  const [, uri, response] = /^Authorization: Digest .*uri="([^"]*)".*response="([^"]*)"/im.exec(request) ?? [];
  const who = md5(`${user}:${REALM}:${password}`);
  return response === md5(`${who}:${NONCE}:${md5(`${request.split(' ', 1)[0]}:${uri}`)}`);
}

const challenge = ({ method }: RtspAccount): string =>
  `WWW-Authenticate: ${method} realm="${REALM}"${method === 'Digest' ? `, nonce="${NONCE}"` : ''}\r\n`;

/** An RTP packet between the words of RTSP: `$`, the channel, its length. */
function interleave(packet: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt8(0x24, 0);
  head.writeUInt16BE(packet.length, 2);
  return Buffer.concat([head, packet]);
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

type Answer = readonly [status: string, headers?: string, body?: string];
type Viewer = (packet: Buffer) => unknown;

export async function startRtspPeer({
  port = 0,
  account,
  transport = 'tcp',
  ...settings
}: RtspSettings = {}): Promise<RtspPeer> {
  const sockets = new Set<Socket>();
  const playing = new Map<Socket, Viewer>();
  let sender: RtspSender | undefined;
  const datagrams = createSocket('udp4').bind(0, '127.0.0.1');
  await once(datagrams, 'listening');

  /** How this viewer wants its packets, or `undefined`: not so. */
  function setUp(request: string, socket: Socket): { viewer: Viewer; transport: string } | undefined {
    const clientPort = Number(/client_port=(\d+)/.exec(request)?.[1]);
    const isUdp = !request.includes('RTP/AVP/TCP');
    if (isUdp !== (transport === 'udp')) return undefined;
    if (!isUdp) {
      return { viewer: (packet) => socket.write(interleave(packet)), transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' };
    }
    const own = datagrams.address().port;
    const ports = `client_port=${clientPort}-${clientPort + 1};server_port=${own}-${own}`;
    return {
      viewer: (packet) => datagrams.send(packet, clientPort, '127.0.0.1'),
      transport: `RTP/AVP;unicast;${ports}`,
    };
  }

  function serve(socket: Socket): void {
    let bytes = Buffer.alloc(0);
    let wanted: Viewer | undefined;

    /** Status, headers and body, without the head that every answer has. */
    function answerTo(method: string, request: string): Answer {
      if (method === 'OPTIONS') return ['200 OK', 'Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n'];
      if (account !== undefined && !isAllowed(request, account)) return ['401 Unauthorized', challenge(account)];
      if (sender === undefined) return ['404 Not Found'];
      switch (method) {
        case 'DESCRIBE':
          return ['200 OK', 'Content-Type: application/sdp\r\n', `${SESSION}${sender.media}\r\na=control:stream\r\n`];
        case 'SETUP': {
          const way = setUp(request, socket);
          wanted = way?.viewer;
          return way === undefined
            ? ['461 Unsupported Transport']
            : ['200 OK', `Session: 1\r\nTransport: ${way.transport}\r\n`];
        }
        case 'PLAY':
        case 'TEARDOWN':
          return ['200 OK', 'Session: 1\r\n'];
        default:
          return ['501 Not Implemented'];
      }
    }
    function answer(request: string): void {
      const method = request.split(' ', 1)[0] ?? '';
      const sequence = /^CSeq: *(\d+)/im.exec(request)?.[1] ?? '0';
      const [status, headers = '', body = ''] = answerTo(method, request);
      const length = body === '' ? '' : `Content-Length: ${body.length}\r\n`;
      socket.write(`RTSP/1.0 ${status}\r\nCSeq: ${sequence}\r\n${headers}${length}\r\n${body}`);
      if (method === 'PLAY' && wanted !== undefined) playing.set(socket, wanted);
      if (method === 'TEARDOWN') socket.end();
    }

    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      playing.delete(socket);
    });
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

  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;

  async function begin(sent: Sent): Promise<void> {
    sender = await startRtspSender(sent, (packet) => {
      for (const viewer of playing.values()) viewer(packet);
    });
  }
  async function end(): Promise<void> {
    const stopped = sender?.stop();
    sender = undefined;
    for (const socket of sockets) socket.destroy();
    await stopped;
  }
  const sent = 'sent' in settings ? settings.sent : 'h264';
  if (sent !== undefined) await begin(sent);
  return {
    place: `127.0.0.1:${address.port}/stage`,
    port: address.port,
    viewers: () => sockets.size,
    begin,
    end,
    sender() {
      if (sender === undefined) throw new Error('Nobody sends; say begin first.');
      return sender;
    },
    async close() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      await end();
      await closed;
      datagrams.close();
    },
  };
}
