import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A camera over real HTTP that sends exactly what a test tells it to. */
export interface CameraPeer {
  readonly url: string;
  /** Sends bytes to all who are connected. */
  send(bytes: Buffer): void;
  /** As one multipart part. */
  sendFrame(image: Buffer): void;
  /** As one part, as fast as the viewers take it. Resolves when the next one may follow. */
  flood(image: Buffer): Promise<void>;
  connections(): number;
  /** Ends the streams; the server stays. */
  hangUp(): void;
  close(): Promise<void>;
}

export async function startCameraPeer({
  contentType = 'multipart/x-mixed-replace; boundary=frame',
  status = 200,
  port = 0,
}: {
  readonly contentType?: string;
  readonly status?: number;
  readonly port?: number;
} = {}): Promise<CameraPeer> {
  const viewers = new Set<ServerResponse>();
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': contentType }).flushHeaders();
    if (status !== 200) return response.end();
    viewers.add(response);
    return response.on('close', () => viewers.delete(response));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;

  const send = (bytes: Buffer): void => {
    for (const viewer of viewers) viewer.write(bytes);
  };
  const hangUp = (): void => {
    for (const viewer of viewers) viewer.destroy();
  };
  return {
    url: `http://127.0.0.1:${address.port}/stream.mjpeg`,
    send,
    sendFrame: (image) => send(asPart(image)),
    async flood(image) {
      for (const viewer of viewers) {
        if (!viewer.write(asPart(image))) await once(viewer, 'drain');
      }
    },
    connections: () => viewers.size,
    hangUp,
    async close() {
      hangUp();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const asPart = (image: Buffer, boundary = 'frame'): Buffer =>
  Buffer.concat([
    Buffer.from(`--${boundary}\r\nContent-Type: image/jpeg\r\nContent-Length: ${image.length}\r\n\r\n`),
    image,
    Buffer.from('\r\n'),
  ]);
