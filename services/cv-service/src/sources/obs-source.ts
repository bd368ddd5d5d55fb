import { readFileSync } from 'node:fs';
import type { VisionSource } from '@understudy/shared/config';
import { findApiKey } from '@understudy/shared/providers';
import type { Clock } from '@understudy/shared/service';
import type { FrameSource, FrameSourceEvents } from './frame-source.ts';
import { type ObsProblem, readObsProblem } from './obs-problem.ts';
import { ANSWER_TIMEOUT_MS, type ObsSession, openObs } from './obs-session.ts';
import { createPolling } from './polling.ts';
import { readScreenshot } from './read-screenshot.ts';
import { createRetryPace, RETRY_TIMES, type RetryTimes } from './retry-pace.ts';

type ObsSettings = Extract<VisionSource, { kind: 'obs' }>;

/** OBS renders and encodes each screenshot while its own picture waits: two a second at the most. */
const SHORTEST_INTERVAL_MS = 500;

export interface ObsOptions {
  readonly times: RetryTimes;
  readonly timeoutMs: number;
}

/** No password is a refusal of ours: OBS is not asked, so that it does not lock anybody out. */
function passwordOf({ password_env, password_file }: ObsSettings): string | undefined {
  const found = findApiKey(
    {
      ...(password_env === undefined ? {} : { api_key_env: password_env }),
      ...(password_file === undefined ? {} : { api_key_file: password_file }),
    },
    { env: process.env, readFile: (path) => readFileSync(path, 'utf8') },
  );
  if (!found.ok) throw new MissingPasswordError(`there is no password for OBS: ${found.reason}`);
  return found.isSecret ? found.key : undefined;
}

export class MissingPasswordError extends Error {
  override readonly name = 'MissingPasswordError';
  readonly code = 'OBS_PASSWORD_MISSING';
}

/** Screenshots by obs-websocket: of one source or scene, or of whatever scene is on the stream. */
export function createObsSource(
  settings: ObsSettings,
  intervalMs: number,
  clock: Pick<Clock, 'now'>,
  { times = RETRY_TIMES, timeoutMs = ANSWER_TIMEOUT_MS }: Partial<ObsOptions> = {},
): FrameSource {
  const { host, port, source, width } = settings;
  const pace = createRetryPace(times);
  let lastFrameAt: number | undefined;
  let state: ObsProblem | undefined;
  let session: ObsSession | undefined;
  let events: FrameSourceEvents = { onFrame: () => {}, onBadInput: () => {} };

  function letGo(): void {
    session?.close();
    session = undefined;
  }

  async function takePicture(signal: AbortSignal): Promise<void> {
    session ??= await openObs({ host, port, password: passwordOf(settings) }, signal, timeoutMs);
    const imageData = await session.screenshot(source ?? (await session.programScene()), width);
    if (signal.aborted) return;
    const image = readScreenshot(imageData);
    if (image === undefined) {
      events.onBadInput('bad_screenshot');
      throw new Error('OBS answered with something that is no picture');
    }
    state = undefined;
    pace.worked();
    lastFrameAt = clock.now();
    events.onFrame({ image, capturedAt: lastFrameAt });
  }

  const polling = createPolling(async (signal) => {
    try {
      await takePicture(signal);
      return Math.max(SHORTEST_INTERVAL_MS, intervalMs);
    } catch (error) {
      if (signal.aborted) return times.firstMs;
      letGo();
      const isOurs = error instanceof MissingPasswordError;
      state = isOurs ? { problem: error.message, isRefused: true } : readObsProblem(error, source);
      return pace.afterFailure(state.isRefused);
    }
  });

  return {
    start(listeners) {
      letGo();
      events = listeners;
      polling.start();
    },
    stop() {
      polling.stop();
      letGo();
    },
    lastFrameAt: () => lastFrameAt,
    describe: () => `obs ${host}:${port}${source === undefined ? '' : ` ${source}`}`.slice(0, 120),
    problem: () => state?.problem,
    isRefused: () => state?.isRefused ?? false,
  };
}
