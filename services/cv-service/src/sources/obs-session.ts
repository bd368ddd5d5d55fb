import OBSWebSocket, { EventSubscription, OBSWebSocketError } from 'obs-websocket-js/json';

export interface ObsAddress {
  readonly host: string;
  readonly port: number;
  readonly password: string | undefined;
}

/** One connection to OBS. Every call ends: the library's own wait for ever when OBS hangs or the connection is cut (5.0.8). */
export interface ObsSession {
  /** As OBS sends it: a data URL, as long as OBS is what it says it is. */
  screenshot(source: string, width: number): Promise<unknown>;
  /** Name of the scene on the stream. */
  programScene(): Promise<string>;
  close(): void;
}

/** OBS renders a screenshot between two frames of the game; one that takes longer than this hangs. */
export const ANSWER_TIMEOUT_MS = 4000;
/** -1 to 100; at 60 a picture of 512 pixels has 30 KB. */
const QUALITY = 60;

/** `[::1]` for an address of IPv6. */
const inUrl = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);

/** @throws the library's errors with their codes; an Error in words for what did not come in time */
export async function openObs(
  { host, port, password }: ObsAddress,
  signal: AbortSignal,
  timeoutMs = ANSWER_TIMEOUT_MS,
): Promise<ObsSession> {
  const obs = new OBSWebSocket();
  const ended = Promise.withResolvers<never>();
  // Whoever waits is told; nobody may be waiting.
  ended.promise.catch(() => {});
  const end = (reason: unknown): void => ended.reject(reason);
  obs.on('ConnectionClosed', end);
  obs.on('ConnectionError', end);
  let scene: string | undefined;
  obs.on('CurrentProgramSceneChanged', (event) => {
    scene = typeof event?.sceneName === 'string' ? event.sceneName : undefined;
  });

  function close(): void {
    signal.removeEventListener('abort', close);
    ended.reject(new Error('the connection to OBS was closed'));
    // Resolves only when OBS says goodbye as well; nothing depends on it.
    obs.disconnect().catch(() => {});
  }
  signal.addEventListener('abort', close, { once: true });

  async function inTime<T>(what: string, work: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`OBS did not ${what} within ${timeoutMs / 1000} s`)), timeoutMs);
    return Promise.race([work, ended.promise, promise]).finally(() => clearTimeout(timer));
  }

  try {
    signal.throwIfAborted();
    const eventSubscriptions = EventSubscription.General | EventSubscription.Scenes;
    await inTime('greet', obs.connect(`ws://${inUrl(host)}:${port}`, password, { eventSubscriptions }));
  } catch (error) {
    close();
    throw error;
  }
  return {
    async screenshot(sourceName, imageWidth) {
      // Only the width: with both, OBS stretches (5.7.3). "jpg" is among the formats of every platform.
      const wish = { sourceName, imageFormat: 'jpg', imageWidth, imageCompressionQuality: QUALITY };
      return (await inTime('send a picture', obs.call('GetSourceScreenshot', wish)))?.imageData;
    },
    async programScene() {
      scene ??= (await inTime('name its scene', obs.call('GetCurrentProgramScene')))?.currentProgramSceneName;
      if (typeof scene !== 'string') throw new OBSWebSocketError(207, 'OBS has no scene on the stream');
      return scene;
    },
    close,
  };
}
