import type { ResolvedConfig } from '@understudy/shared/config';
import type { ServiceContext } from '@understudy/shared/service';
import { ExponentialBackoff, type IBackoff, noJitterGenerator } from 'cockatiel';
import type { Detections } from '../child/look-messages.ts';
import type { DetectResult, Looker } from '../child/looker.ts';
import { firstPace, isDue, paceAfter } from './detection-pace.ts';
import { detectionFailed, lagging } from './failures.ts';
import type { ReceivedFrame } from './frame-slot.ts';

/** `failed`: the models do not work. `late`: they do, and too slowly. */
export type DetectionState = 'off' | 'working' | 'failed' | 'late';

/** What the models see, at their own pace beside the cheap looks. */
export interface CloserLooks {
  state(): DetectionState;
  /** Shows the frame to the models if it is time for that. */
  look(frame: ReceivedFrame): Promise<void>;
  /** Shows them their sample picture now. @returns why they do not work, or `undefined` when they do and in time */
  prove(): Promise<string | undefined>;
}

export interface CloserLookOptions {
  readonly settings: Pick<ResolvedConfig['vision'], 'detect' | 'detect_confidence' | 'detect_max_fps' | 'max_age_ms'>;
  readonly looker: Pick<Looker, 'detect' | 'proveModels' | 'state'>;
  /** Whether optional work is given up for now. */
  isShed(): boolean;
  onDetections(detections: Detections, frame: ReceivedFrame): void;
  onChange(): void;
}

/** Failed models are loaded again after so long, then after twice that. */
const RETRY = new ExponentialBackoff({ generator: noJitterGenerator, initialDelay: 10_000, maxDelay: 600_000 });
/** So many late looks in a row are a lag; one may be the loading of the models. */
const LATE_LOOKS = 2;

type Needed = Pick<ServiceContext, 'clock' | 'logger' | 'metrics' | 'reportError'>;

export function createCloserLooks(context: Needed, options: CloserLookOptions): CloserLooks {
  const { settings, looker } = options;
  const { clock, metrics } = context;
  const wish = { kinds: settings.detect, minConfidence: settings.detect_confidence };
  const isWanted = (): boolean => settings.detect.length > 0 && !options.isShed();
  let state: DetectionState = 'working';
  let pace = firstPace(settings.detect_max_fps);
  let retry: IBackoff<unknown> | undefined;
  let lateLooks = 0;

  function become(next: DetectionState): void {
    if (state === next) return;
    state = next;
    options.onChange();
  }

  function onFailure(reason: string): void {
    const isOnset = state !== 'failed';
    retry = retry === undefined ? RETRY.next() : retry.next(undefined);
    pace = { ...pace, notBefore: clock.now() + retry.duration };
    become('failed');
    if (isOnset) context.reportError(detectionFailed(reason));
  }

  function onWorked(lagMs: number): void {
    retry = undefined;
    lateLooks = lagMs > settings.max_age_ms ? lateLooks + 1 : 0;
    const isLate = lateLooks >= LATE_LOOKS;
    if (isLate && state !== 'late') context.reportError(lagging(lagMs, settings.max_age_ms));
    if (isLate || lateLooks === 0) become(isLate ? 'late' : 'working');
    else if (state === 'failed') become('working');
  }

  async function measured(work: () => Promise<DetectResult>): Promise<{ result: DetectResult; tookMs: number }> {
    const beganAt = clock.now();
    const result = await work();
    const tookMs = Math.max(0, clock.now() - beganAt);
    if (result.type === 'detected') {
      metrics.observe('understudy_vision_look_duration_seconds', { kind: 'detection' }, tookMs / 1000);
    }
    return { result, tookMs };
  }

  return {
    state: () => (isWanted() ? state : 'off'),
    async look(frame) {
      const startedAt = clock.now();
      if (!isWanted() || !isDue(pace, startedAt)) return;
      const { result, tookMs } = await measured(() => looker.detect(frame.image, wish));
      if (result.type === 'detection_failed') return onFailure(result.reason);
      if (result.type !== 'detected') return;
      const lagMs = clock.now() - frame.receivedAt;
      const isLate = lagMs > settings.max_age_ms;
      pace = paceAfter(pace, { startedAt, tookMs, isLate }, settings.detect_max_fps);
      onWorked(lagMs);
      options.onDetections(result.detections, frame);
    },
    async prove() {
      if (settings.detect.length === 0) return undefined;
      if (options.isShed()) return 'the models are given up for now, to save memory';
      const { result, tookMs } = await measured(() => looker.proveModels(settings.detect));
      if (result.type === 'absent') return result.detail;
      if (result.type !== 'detected') return result.reason;
      if (tookMs > settings.max_age_ms) return `the models took ${tookMs} ms for one picture`;
      // The next real picture is shown to them at once; whether that is in time, it tells.
      retry = undefined;
      lateLooks = 0;
      pace = { ...pace, notBefore: 0 };
      become('working');
      return undefined;
    },
  };
}
