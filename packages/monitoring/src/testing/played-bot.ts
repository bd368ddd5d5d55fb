import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SERVICE_NAMES, type ServiceName } from '@understudy/shared/contracts';

/** What Alertmanager's webhook sends, as far as the tests look. */
export interface Notice {
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

export interface Received {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Notice;
}

export interface PlayedBot {
  readonly ports: Readonly<Record<ServiceName, number>>;
  /** What its services print at /metrics; each adds its own name. */
  readonly metrics: Map<string, number>;
  /** All that was posted to any of them, oldest first. */
  readonly received: readonly Received[];
  close(): void;
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** Five services that show metrics and take webhooks, on real sockets. */
export async function playBot(): Promise<PlayedBot> {
  const metrics = new Map<string, number>();
  const received: Received[] = [];
  const play = async (service: ServiceName): Promise<Server> => {
    const server = createServer(async (request, response) => {
      if (request.method === 'POST') {
        const { url: path = '', headers } = request;
        received.push({ path, authorization: headers.authorization, body: JSON.parse(await readBody(request)) });
        response.end();
        return;
      }
      const lines = [...metrics].map(
        ([series, value]) => `${series.replace('{', `{service="${service}",`)} ${value}\n`,
      );
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(lines.join(''));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  };
  const servers = await Promise.all(SERVICE_NAMES.map(play));
  const portOf = (server: Server): number => (server.address() as AddressInfo).port;
  const ports = Object.fromEntries(servers.map((server, index) => [SERVICE_NAMES[index], portOf(server)]));
  return {
    ports: ports as Record<ServiceName, number>,
    metrics,
    received,
    close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}
