import { createFailureStreaks, type ServiceContext } from '@understudy/shared/service';
import type { ChildFaults } from '../child/child-faults.ts';
import { forkWorker } from '../child/fork-worker.ts';
import type { Detections } from '../child/look-messages.ts';
import { type ChildState, createLooker, type Looker, type LookResult } from '../child/looker.ts';
import { createSource } from '../sources/create-source.ts';
import type { Frame, FrameSource } from '../sources/frame-source.ts';
import { createBadFrames } from './bad-frames.ts';
import { type BlackWatch, createBlackWatch } from './black-watch.ts';
import { type CloserLooks, createCloserLooks } from './closer-looks.ts';
import { childFailure, pictureBlack, sourceFailure, sourceRefused } from './failures.ts';
import { createFrameSlot, type FrameSlot, type ReceivedFrame } from './frame-slot.ts';
import { runLookLoop } from './look-loop.ts';
import { createObservations } from './observations.ts';
import type { Liveness } from './source-liveness.ts';
import { createSourceWatch, type SourceWatch } from './source-watch.ts';

/** A source and a child that looks at it, from `start` to `close`. */
export interface Sight {
  readonly looker: Looker;
  readonly source: FrameSource;
  readonly slot: FrameSlot;
  readonly watch: SourceWatch;
  readonly black: BlackWatch;
  readonly closer: CloserLooks;
  /** Judges anew what time alone changes; to be called often. */
  tick(): void;
  start(): void;
  restartChild(): Promise<ChildState>;
  /** Somebody waited for a frame in vain. */
  missedFrame(): void;
  /** Opens the source anew; whether frames come is the watch's matter. */
  reconnect(): void;
  /** Ends the child and closes the source. */
  close(): Promise<void>;
}

export interface SightOptions {
  readonly faults: ChildFaults;
  /** Frames looked at per second at the most, now. */
  maxFps(): number;
  /** Whether the models are given up for now. */
  isShed(): boolean;
  /** Something changed of which the observed level may depend. */
  onChange(): void;
}

const PEER = 'camera';

export function createSight(context: ServiceContext<'cv-service'>, options: SightOptions): Sight {
  const settings = context.config().vision;
  const { clock, logger, metrics } = context;
  const closing = new AbortController();
  const slot = createFrameSlot();
  const streaks = createFailureStreaks(metrics);
  streaks.expect([PEER]);
  const source = createSource(settings.source, settings.max_fps, clock);
  const onBadFrame = createBadFrames(context, source.describe());
  const observations = createObservations(context, {
    thresholds: {
      sceneChange: settings.scene_change_threshold,
      brightness: settings.brightness_threshold,
      motion: settings.motion_threshold,
    },
    maxAgeMs: settings.max_age_ms,
  });
  const count = (result: 'looked' | 'bad' | 'skipped' | 'unseen') =>
    metrics.bindCounter('understudy_vision_frames_total', { result });
  const counted = {
    seen: count('looked'),
    bad_frame: count('bad'),
    absent: count('unseen'),
    skipped: count('skipped'),
  };

  /** After a frame that was none, only one that the child could decode proves the source: garbage flows as well. */
  let framesAreImages = true;
  /** Reported, and not yet answered again: a restart that fails is told by its command, not as a new failure. */
  let isChildLost = false;
  function onState(state: ChildState): void {
    if (state.state === 'ready') isChildLost = false;
    if (state.state === 'failed') {
      // Whether frames are pictures is unknown until somebody looks again.
      framesAreImages = true;
      if (!isChildLost) context.reportError(childFailure(state.failure));
      isChildLost = true;
    }
    options.onChange();
  }
  const looker = createLooker({
    clock,
    fork: forkWorker,
    timeoutMs: settings.child_timeout_ms,
    memoryMb: settings.child_memory_mb,
    onState,
    onMemory: (bytes) => metrics.set('understudy_vision_child_memory_bytes', {}, bytes),
    onBadAnswer: () => metrics.inc('understudy_bad_input_total', { edge: 'child', reason: 'no_answer' }),
    onFork: options.faults.onFork,
  });

  let isRefusalTold = false;
  /** Of a lost source: what it says may change while it is lost, from silence to a refusal. */
  function tellRefusal(): void {
    if (watch.liveness().state !== 'lost' || isRefusalTold || !source.isRefused()) return;
    isRefusalTold = true;
    context.reportError(sourceRefused(source.describe(), source.problem()));
    options.onChange();
  }
  function onLiveness(liveness: Liveness): void {
    if (liveness.state !== 'lost') isRefusalTold = false;
    if (liveness.state === 'live') {
      streaks.worked(PEER);
      logger.info('Frames come', { context: { source: source.describe() } });
    }
    if (liveness.state === 'lost') black.noteLoss();
    if (liveness.state === 'lost' || liveness.state === 'frozen') {
      streaks.failed(PEER);
      if (liveness.state === 'frozen' || !source.isRefused())
        context.reportError(sourceFailure(liveness, source.describe(), source.problem()));
    }
    options.onChange();
  }
  const limits = { frameTimeoutMs: settings.frame_timeout_ms, frozenAfterMs: settings.frozen_after_ms };
  const watch = createSourceWatch(clock.now, limits, onLiveness);

  const black = createBlackWatch(
    clock.now,
    { blackBelow: settings.black_below, blackAfterMs: settings.black_after_ms },
    (blackMs) => {
      if (blackMs !== undefined) context.reportError(pictureBlack(source.describe(), blackMs));
      options.onChange();
    },
  );
  const closer = createCloserLooks(context, {
    settings,
    looker,
    isShed: options.isShed,
    onChange: options.onChange,
    onDetections(detections, frame) {
      countDetections(detections);
      observations.onDetections(detections, frame.capturedAt);
    },
  });
  function countDetections({ gestures, ...counted }: Detections): void {
    for (const kind of ['people', 'faces', 'hands'] as const) {
      if ((counted[kind]?.count ?? 0) > 0) metrics.inc('understudy_vision_detections_total', { kind });
    }
    if ((gestures?.length ?? 0) > 0) metrics.inc('understudy_vision_detections_total', { kind: 'gesture' });
  }

  function onFrame(frame: Frame): void {
    if (framesAreImages) watch.noteFrame(frame);
    if (slot.put({ ...frame, receivedAt: clock.now() })) counted.skipped();
  }

  function onLook(frame: ReceivedFrame, result: LookResult): void {
    counted[result.type]();
    if (result.type === 'bad_frame') {
      framesAreImages = false;
      onBadFrame('not_an_image', result.reason);
    }
    if (result.type === 'seen') {
      if (!framesAreImages) watch.noteFrame(frame);
      framesAreImages = true;
      black.noteLook(result.statistics.brightness);
      observations.onStatistics(result.statistics, frame.capturedAt);
    }
  }

  async function look(image: Buffer): Promise<LookResult> {
    const beganAt = performance.now();
    const result = await looker.look(image);
    const tookMs = performance.now() - beganAt;
    logger.logPerformance('look', tookMs);
    if (result.type === 'seen') {
      metrics.observe('understudy_vision_look_duration_seconds', { kind: 'statistics' }, tookMs / 1000);
    }
    return result;
  }

  const openSource = (): void => source.start({ onFrame, onBadInput: onBadFrame });

  let looking: Promise<void> | undefined;

  return {
    looker,
    source,
    slot,
    watch,
    black,
    closer,
    tick() {
      watch.tick();
      tellRefusal();
    },
    start() {
      openSource();
      void looker.start();
      looking = runLookLoop(
        { slot, clock, look, maxFps: options.maxFps, onLook, lookCloser: closer.look },
        closing.signal,
      );
    },
    restartChild() {
      metrics.inc('understudy_vision_child_restarts_total');
      return looker.start();
    },
    missedFrame: () => streaks.failed(PEER),
    reconnect: openSource,
    async close() {
      const isSourceGone = source.stop();
      closing.abort();
      await looker.stop();
      await looking;
      await isSourceGone;
      slot.clear();
    },
  };
}
