import { createFailureStreaks, type ServiceContext } from '@understudy/shared/service';
import type { ChildFaults } from '../child/child-faults.ts';
import { forkWorker } from '../child/fork-worker.ts';
import { type ChildState, createLooker, type Looker, type LookResult } from '../child/looker.ts';
import { createSource } from '../sources/create-source.ts';
import type { Frame, FrameSource } from '../sources/frame-source.ts';
import { createBadFrames } from './bad-frames.ts';
import { childFailure, sourceFailure } from './failures.ts';
import { createFrameSlot, type FrameSlot } from './frame-slot.ts';
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
  const observe = createObservations(context, {
    sceneChange: settings.scene_change_threshold,
    brightness: settings.brightness_threshold,
    motion: settings.motion_threshold,
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
    fork: forkWorker,
    timeoutMs: settings.child_timeout_ms,
    memoryMb: settings.child_memory_mb,
    onState,
    onFork: options.faults.onFork,
  });

  function onLiveness(liveness: Liveness): void {
    if (liveness.state === 'live') {
      streaks.worked(PEER);
      logger.info('Frames come', { context: { source: source.describe() } });
    }
    if (liveness.state === 'lost' || liveness.state === 'frozen') {
      streaks.failed(PEER);
      context.reportError(sourceFailure(liveness, source.describe(), source.problem()));
    }
    options.onChange();
  }
  const limits = { frameTimeoutMs: settings.frame_timeout_ms, frozenAfterMs: settings.frozen_after_ms };
  const watch = createSourceWatch(clock.now, limits, onLiveness);

  function onFrame(frame: Frame): void {
    if (framesAreImages) watch.noteFrame(frame);
    if (slot.put(frame)) counted.skipped();
  }

  function onLook(frame: Frame, result: LookResult): void {
    counted[result.type]();
    if (result.type === 'bad_frame') {
      framesAreImages = false;
      onBadFrame('not_an_image', result.reason);
    }
    if (result.type === 'seen') {
      if (!framesAreImages) watch.noteFrame(frame);
      framesAreImages = true;
      observe(result.statistics, frame.capturedAt);
    }
  }

  async function look(image: Buffer): Promise<LookResult> {
    const beganAt = performance.now();
    const result = await looker.look(image);
    logger.logPerformance('look', performance.now() - beganAt);
    return result;
  }

  const openSource = (): void => source.start({ onFrame, onBadInput: onBadFrame });

  let looking: Promise<void> | undefined;

  return {
    looker,
    source,
    slot,
    watch,
    start() {
      openSource();
      void looker.start();
      looking = runLookLoop({ slot, clock, look, maxFps: options.maxFps, onLook }, closing.signal);
    },
    restartChild() {
      metrics.inc('understudy_vision_child_restarts_total');
      return looker.start();
    },
    missedFrame: () => streaks.failed(PEER),
    reconnect: openSource,
    async close() {
      source.stop();
      closing.abort();
      await looker.stop();
      await looking;
      slot.clear();
    },
  };
}
