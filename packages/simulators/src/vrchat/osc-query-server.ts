import { createServer, type Server } from 'node:http';
import type { Violations } from '../record/violations.ts';
import { findNode, hostInfo, type OscQuerySnapshot } from './osc-query.ts';

/** VRChat's HTTP prefix is http://127.0.0.1:PORT/; any other Host header is refused, as Windows' HTTP listener does. */
const ALLOWED_HOST = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

/** The OSCQuery HTTP server; whoever starts it listens and closes. */
export function createOscQueryServer(snapshot: () => OscQuerySnapshot, violations: Violations): Server {
  return createServer((request, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const { host = '' } = request.headers;
    if (!ALLOWED_HOST.test(host)) {
      violations.add('oscquery_host', `Host '${host}', VRChat answers 127.0.0.1 and localhost only`);
      response
        .writeHead(400, { 'content-type': 'text/html; charset=us-ascii' })
        .end('<h2>Bad Request - Invalid Hostname</h2>');
      return;
    }
    const [path = '/', query = ''] = (request.url ?? '/').split('?');
    if (request.method !== 'GET') return answer(405, { error: 'OSCQuery answers GET only' });
    if (query === 'HOST_INFO') return answer(200, hostInfo(snapshot()));
    const node = findNode(snapshot(), decodePath(path));
    if (!node) return answer(404, { error: `no OSC method at ${path}` });
    if (query === 'VALUE') return answer(200, { VALUE: node.VALUE ?? [] });
    return answer(200, node);
  });
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
