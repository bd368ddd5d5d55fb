import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { waitFor } from '@understudy/shared/testing';
import { docker } from './docker.ts';

type Labels = Readonly<Record<string, string>>;

/** One alert of a delivery of Alertmanager's webhook, as much of it as is asked here. */
export interface Notice {
  readonly status: 'firing' | 'resolved';
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * On the bridge's address, on which containers reach this machine; Docker Desktop, where the bridge is in another machine, forwards to
 * loopback.
 */
async function listenForContainers(server: Server): Promise<void> {
  const gateway = await docker(['network', 'inspect', 'bridge', '-f', '{{range .IPAM.Config}}{{.Gateway}}{{end}}']);
  for (const address of [gateway.trim(), '127.0.0.1']) {
    server.listen(0, address);
    if (await once(server, 'listening').catch(() => false)) return;
  }
  throw new Error('no address on which containers could reach this machine');
}

const matches = (notice: Notice, status: Notice['status'], labels: Labels): boolean =>
  notice.status === status && Object.entries(labels).every(([name, value]) => notice.labels[name] === value);

/** Labels are an alert's identity. */
const isSame = (one: Notice, other: Notice): boolean => isDeepStrictEqual(one.labels, other.labels);

/** An operator's webhook: a real HTTP server on this machine, which containers reach as host.docker.internal. */
export async function startNoticeReceiver() {
  const received: Notice[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { alerts }: { alerts: Notice[] } = JSON.parse(Buffer.concat(chunks).toString());
    received.push(...alerts);
    response.end();
  });
  await listenForContainers(server);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver has no port');
  return {
    url: `http://host.docker.internal:${address.port}/`,
    received: (): readonly Notice[] => received,
    /** What was told as firing and not yet as over. */
    open: (): readonly Notice[] =>
      received.filter(
        (notice, index) =>
          notice.status === 'firing' &&
          !received.slice(index).some((later) => later.status === 'resolved' && isSame(later, notice)),
      ),
    /** The first notice with these labels at `from` or later, an index into `received()`. */
    waitFor: (status: Notice['status'], labels: Labels, limitMs: number, from = 0): Promise<Notice> =>
      waitFor(
        () => received.slice(from).find((notice) => matches(notice, status, labels)),
        `a notice ${status} ${JSON.stringify(labels)}`,
        limitMs,
      ),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
export type NoticeReceiver = Awaited<ReturnType<typeof startNoticeReceiver>>;
