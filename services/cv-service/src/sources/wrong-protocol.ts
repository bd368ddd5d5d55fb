import { connect } from 'node:net';
import { addAbortSignal } from 'node:stream';

/** Only an RTSP server understands it; a web server refuses it in HTTP. */
const QUESTION = 'OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n';
const ANSWER_WITHIN_MS = 1000;
const PORTS: Readonly<Record<string, number>> = { RTSP: 554, RTSPS: 322, HTTP: 80, HTTPS: 443 };

const REMEDIES = {
  HTTP: 'take kind mjpeg or http with an address that begins with http://, or correct the port',
  RTSP: 'take kind rtsp with an address that begins with rtsp://, or correct the port',
} as const;
type Spoken = keyof typeof REMEDIES;

/** By which words an answer begins; `undefined` for others, and for none. */
async function spokenAt(host: string, port: number, signal: AbortSignal): Promise<Spoken | undefined> {
  const socket = addAbortSignal(signal, connect({ host, port })).setEncoding('latin1');
  try {
    socket.write(QUESTION);
    let said = '';
    for await (const text of socket) {
      said += text;
      if (said.length >= 'RTSP/'.length) break;
    }
    return said.startsWith('RTSP/') ? 'RTSP' : said.startsWith('HTTP/') ? 'HTTP' : undefined;
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}

/**
 * Asks the port of an address what it speaks, for neither ffmpeg nor Node says that it is another protocol.
 * @returns that in words, with the remedy; `undefined` when it is the one that the address names, or cannot be told
 */
export async function wrongProtocol(url: string, signal: AbortSignal): Promise<string | undefined> {
  const parsed = URL.parse(url);
  if (parsed === null) return undefined;
  const { protocol, hostname, port } = parsed;
  const named = protocol.slice(0, -1).toUpperCase();
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  const host = hostname.replace(/^\[|\]$/g, '');
  const spoken = await spokenAt(host, port === '' ? (PORTS[named] ?? 0) : Number(port), inTime);
  return spoken === undefined || spoken === named
    ? undefined
    : `this port speaks ${spoken}, not ${named}; ${REMEDIES[spoken]}`;
}
