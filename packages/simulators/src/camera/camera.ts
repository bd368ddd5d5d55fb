import { createServer, type Server, type ServerResponse } from 'node:http';
import { type ActiveFault, createFaultBoard, sameTargets } from '../faults/fault-board.ts';
import { faultsOf } from '../faults/fault-table.ts';
import { monotonicNow } from '../record/clock.ts';
import type { Simulator } from '../simulator.ts';
import { closeHttp, listenHttp } from '../sockets/listen-http.ts';
import { LOOPBACK } from '../sockets/loopback.ts';
import { type CameraCondition, createFrameSource } from './frame-source.ts';
import { sceneAt } from './scene.ts';

export interface CameraOptions {
  /** 0 takes any free one. */
  readonly port: number;
  readonly host?: string;
  readonly framesPerSecond?: number;
  /** Epoch milliseconds, monotonic. */
  readonly now?: () => number;
}

export interface CameraState {
  readonly port: number;
  readonly listening: boolean;
  readonly condition: CameraCondition;
  /** Counts the sets, a new one every 20 s. */
  readonly scene: number;
  readonly viewers: number;
  readonly framesSent: number;
  readonly faults: readonly ActiveFault[];
}

export interface Camera extends Simulator<CameraState> {
  readonly streamUrl: string;
  readonly frameUrl: string;
}

const BOUNDARY = 'understudy-frame';
const FRAMES_PER_SECOND = 5;

/** Starts a network camera: MJPEG at `/stream.mjpeg`, single frames at `/frame.jpg`. @throws PortUnavailableError */
export async function startCamera({
  host = LOOPBACK,
  framesPerSecond = FRAMES_PER_SECOND,
  now = monotonicNow,
  port: wantedPort,
}: CameraOptions): Promise<Camera> {
  const startedAt = now();
  const elapsedMs = (): number => now() - startedAt;
  const frameMs = 1000 / framesPerSecond;
  const viewers = new Set<ServerResponse>();
  let framesSent = 0;
  let closed = false;
  let port = wantedPort;
  let server: Server | undefined;
  let settling: Promise<void> = Promise.resolve();

  const faults = createFaultBoard({
    targets: sameTargets(faultsOf('camera'), []),
    onChange: () => {
      settling = settling.then(settle, settle);
      settling.catch(() => {});
    },
  });
  const condition = (): CameraCondition => {
    if (faults.holds('camera_garbage')) return 'garbage';
    if (faults.holds('camera_black')) return 'black';
    return faults.holds('camera_frozen') ? 'frozen' : 'working';
  };
  const source = createFrameSource({ elapsedMs, frameMs, condition });

  const sendPart = (viewer: ServerResponse, frame: Buffer): void => {
    // Who reads too slowly misses frames; nothing piles up here.
    if (viewer.writableNeedDrain) return;
    viewer.write(`--${BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: ${frame.length}\r\n\r\n`);
    viewer.write(frame);
    viewer.write('\r\n');
    framesSent += 1;
  };
  const addViewer = (viewer: ServerResponse): void => {
    viewer.writeHead(200, {
      'content-type': `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
      'cache-control': 'no-store',
    });
    viewer.flushHeaders();
    viewers.add(viewer);
    viewer.once('close', () => viewers.delete(viewer));
  };
  const sendFrame = async (response: ServerResponse): Promise<void> => {
    const frame = await source.current();
    const headers = { 'content-type': 'image/jpeg', 'content-length': frame.length, 'cache-control': 'no-store' };
    response.writeHead(200, headers).end(frame);
    framesSent += 1;
  };
  const sendToViewers = async (): Promise<void> => {
    if (viewers.size === 0) return;
    const frame = await source.current();
    for (const viewer of viewers) sendPart(viewer, frame);
  };
  const cutViewersOff = (): void => {
    for (const viewer of viewers) viewer.destroy();
  };
  const open = async (): Promise<void> => {
    const opening = createServer((request, response) => {
      const path = request.url?.split('?')[0];
      if (path === '/stream.mjpeg') addViewer(response);
      else if (path === '/frame.jpg') sendFrame(response).catch(() => response.destroy());
      else response.writeHead(404, { 'content-type': 'text/plain' }).end('Look at /stream.mjpeg or /frame.jpg.\n');
    });
    port = await listenHttp('The camera', opening, host, port);
    server = opening;
  };
  const settle = async (): Promise<void> => {
    const wanted = !closed && !faults.holds('camera_gone');
    if (wanted && !server) return open();
    if (wanted || !server) return;
    const closing = server;
    server = undefined;
    await closeHttp(closing);
  };

  await open();
  const ticking = setInterval(() => {
    sendToViewers().catch(cutViewersOff);
  }, frameMs);

  return {
    streamUrl: `http://${host}:${port}/stream.mjpeg`,
    frameUrl: `http://${host}:${port}/frame.jpg`,
    state: () => ({
      port,
      listening: server !== undefined,
      condition: condition(),
      scene: sceneAt(elapsedMs()).index,
      viewers: viewers.size,
      framesSent,
      faults: faults.active(),
    }),
    applyFault: faults.apply,
    clearFaults: faults.clear,
    async close() {
      closed = true;
      clearInterval(ticking);
      faults.clear();
      await settling;
    },
  };
}
