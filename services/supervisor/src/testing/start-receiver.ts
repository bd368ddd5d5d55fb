import { once } from 'node:events';
import { createServer } from 'node:http';

export interface ReceivedAlert {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface TestReceiver {
  readonly url: string;
  /** Every alert of every webhook, oldest first. */
  readonly received: ReceivedAlert[];
  close(): Promise<void>;
}

/** Somebody's phone: takes Alertmanager's webhooks. */
export async function startReceiver(): Promise<TestReceiver> {
  const received: ReceivedAlert[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    received.push(...(JSON.parse(text) as { alerts: ReceivedAlert[] }).alerts);
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`,
    received,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
