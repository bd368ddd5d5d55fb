import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** What it does with a request, by its type: answers with a status of obs-websocket 5 and data, or never. */
export type ObsAnswer = { readonly code: number; readonly data?: object } | 'hang';

/** Speaks obs-websocket 5 over a real socket, for what a real OBS cannot be made to do: hang, be not ready, throw somebody out. */
export interface ObsStandIn {
  readonly port: number;
  /** From now on. */
  behave(answer: (requestType: string) => ObsAnswer): void;
  /** Whether it says hello to who comes. */
  greet(does: boolean): void;
  sessions(): number;
  /** Closes every session with a code. */
  closeAll(code: number): void;
  close(): Promise<void>;
}

/** Of RFC 6455. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 1;
const CLOSE = 8;
const SUCCESS = 100;

/** A frame of a server, which is not masked. */
function frameOf(opcode: number, payload: Buffer): Buffer {
  const head = payload.length < 126 ? Buffer.alloc(2) : Buffer.alloc(4);
  head.writeUInt8(0x80 | opcode, 0);
  head.writeUInt8(Math.min(payload.length, 126), 1);
  if (payload.length >= 126) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

interface Received {
  readonly opcode: number;
  readonly payload: Buffer;
  readonly rest: Buffer;
}

/** A frame of a client, of less than 64 KB; `undefined` while some of it is missing. */
function readFrame(bytes: Buffer): Received | undefined {
  const short = (bytes[1] ?? 0) & 0x7f;
  if (bytes.length < (short === 126 ? 8 : 6)) return undefined;
  const [length, mask] = short === 126 ? [bytes.readUInt16BE(2), 4] : [short, 2];
  const start = mask + 4;
  if (bytes.length < start + length) return undefined;
  const payload = Buffer.from(bytes.subarray(start, start + length)).map(
    (byte, at) => byte ^ (bytes[mask + (at % 4)] ?? 0),
  );
  return { opcode: bytes.readUInt8(0) & 0x0f, payload: Buffer.from(payload), rest: bytes.subarray(start + length) };
}

interface Message {
  readonly op: number;
  readonly d: { readonly requestType: string; readonly requestId: string };
}

export async function startObsStandIn(): Promise<ObsStandIn> {
  const sockets = new Set<Duplex>();
  let answer: (requestType: string) => ObsAnswer = () => 'hang';
  let greets = true;

  const say = (socket: Duplex, op: number, d: object): void => {
    socket.write(frameOf(TEXT, Buffer.from(JSON.stringify({ op, d }))));
  };

  function reply(socket: Duplex, { op, d }: Message): void {
    if (op === 1) {
      say(socket, 2, { negotiatedRpcVersion: 1 });
      return;
    }
    const { requestType, requestId } = d;
    const given = answer(requestType);
    if (given === 'hang') return;
    const requestStatus = { result: given.code === SUCCESS, code: given.code };
    say(socket, 7, { requestType, requestId, requestStatus, responseData: given.data });
  }

  function serve(socket: Duplex): void {
    let bytes = Buffer.alloc(0);
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let frame = readFrame(bytes); frame !== undefined; frame = readFrame(bytes)) {
        bytes = Buffer.from(frame.rest);
        if (frame.opcode === CLOSE) socket.end(frameOf(CLOSE, frame.payload));
        if (frame.opcode === TEXT) reply(socket, JSON.parse(frame.payload.toString()));
      }
    });
    if (greets) say(socket, 0, { obsWebSocketVersion: '5.7.3', rpcVersion: 1 });
  }

  const server = createServer();
  server.on('upgrade', (request, socket) => {
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`).digest('base64');
    const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    const agreed = [`Sec-WebSocket-Accept: ${accept}`, 'Sec-WebSocket-Protocol: obswebsocket.json'];
    socket.write(`${[...head, ...agreed].join('\r\n')}\r\n\r\n`);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    behave(next) {
      answer = next;
    },
    greet(does) {
      greets = does;
    },
    sessions: () => sockets.size,
    closeAll(code) {
      const payload = Buffer.alloc(2);
      payload.writeUInt16BE(code);
      for (const socket of sockets) socket.write(frameOf(CLOSE, payload));
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
