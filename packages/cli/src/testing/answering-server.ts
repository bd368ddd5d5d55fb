import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

export interface HeardRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

export interface AnsweringServer {
  readonly port: number;
  readonly heard: HeardRequest[];
  close(): Promise<void>;
}

/** Answers of a real HTTP server by `METHOD /path`; what is not named is 404, as at a service. */
export async function startAnsweringServer(
  answers: Readonly<Record<string, { status?: number; body: unknown; raw?: string; stream?: readonly string[] }>>,
  port = 0,
): Promise<AnsweringServer> {
  const heard: HeardRequest[] = [];
  const server: Server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    heard.push({
      method,
      path: url,
      authorization: headers.authorization,
      body: text === '' ? undefined : JSON.parse(text),
    });
    const answer = answers[`${method} ${url}`];
    if (answer?.stream) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const part of answer.stream) response.write(part);
      return;
    }
    const missing = { statusCode: 404, error: 'Not Found', message: `Route ${method}:${url} not found` };
    response.writeHead(answer ? (answer.status ?? 200) : 404, { 'content-type': 'application/json' });
    response.end(answer?.raw ?? JSON.stringify(answer ? answer.body : missing));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
