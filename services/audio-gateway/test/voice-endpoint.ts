import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface VoiceEndpoint {
  readonly baseUrl: string;
  close(): Promise<void>;
}

export type Answer = (body: Buffer, response: ServerResponse, request: IncomingMessage) => void | Promise<void>;

/** An OpenAI-compatible server that answers as a test wants it, on a free port. */
export async function startVoiceEndpoint(answer: Answer): Promise<VoiceEndpoint> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    await answer(Buffer.concat(parts), response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The endpoint listens to no port');
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The fields of a multipart form that are text. */
export async function readForm(body: Buffer, request: IncomingMessage): Promise<Record<string, string>> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  const form = await new Response(new Uint8Array(body), { headers }).formData();
  return Object.fromEntries([...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}
