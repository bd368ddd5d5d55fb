import { isDeepStrictEqual } from 'node:util';
import type { ServiceContext } from '@understudy/shared/service';
import type { ChildFaults } from '../child/child-faults.ts';
import { seeLevel } from './see-level.ts';
import { createSight, type Sight } from './sight.ts';

/** Frames looked at per second when optional work is given up. */
export const SHED_FPS = 0.5;

/** The sight as ceiling and configuration want it: none, or one; and what is observed of `see`. */
export interface SwitchedSight {
  /** `undefined` while seeing is switched off. */
  current(): Sight | undefined;
  /** The same, when all that was asked for is done. */
  settled(): Promise<Sight | undefined>;
  /** Ceiling or configuration has changed. They are followed one after another, and the last one holds. */
  follow(): Promise<void>;
  /** Fewer frames, or as many as the configuration allows. */
  shedFeatures(isShed: boolean): void;
  /** Ends what is open, for good. */
  stop(): Promise<void>;
}

export function createSwitchedSight(context: ServiceContext<'cv-service'>, faults: ChildFaults): SwitchedSight {
  let settings = context.config().vision;
  let sight: Sight | undefined;
  let isShed = false;
  let isStopped = false;

  function observe(): void {
    const child = sight?.looker.state() ?? { state: 'stopped' };
    const { level, by } = seeLevel({
      ceiling: context.ceiling('see'),
      child: child.state,
      source: sight?.watch.liveness().state ?? 'waiting',
      shed: isShed,
      isRefused: sight?.source.isRefused() ?? false,
      isBlack: sight?.black.isBlack() ?? false,
      detection: sight?.closer.state() ?? 'off',
      ...(child.state === 'failed' ? { failure: child.failure.kind } : {}),
    });
    context.observe('see', level, by);
  }

  const isSlow = (): boolean => isShed || context.ceiling('see').level === 'degraded';
  function maxFps(): number {
    return isSlow() ? Math.min(SHED_FPS, settings.max_fps) : settings.max_fps;
  }

  async function openOrClose(): Promise<void> {
    const wanted = context.config().vision;
    const mayBeOpen = !isStopped && context.ceiling('see').level !== 'off';
    if (!mayBeOpen || !isDeepStrictEqual(wanted, settings)) {
      const open = sight;
      sight = undefined;
      await open?.close();
    }
    settings = wanted;
    if (mayBeOpen && sight === undefined) {
      sight = createSight(context, { faults, maxFps, isShed: isSlow, onChange: observe });
      sight.start();
    }
    observe();
  }

  let following = openOrClose();
  function follow(): Promise<void> {
    following = following.then(openOrClose);
    return following;
  }

  return {
    current: () => sight,
    async settled() {
      await following;
      return sight;
    },
    follow,
    shedFeatures(wanted) {
      const isNew = isShed !== wanted;
      isShed = wanted;
      // A child without models takes some 300 MB less, and it has no other way to give them back.
      if (isNew && wanted && settings.detect.length > 0 && sight?.looker.state().state === 'ready') {
        void sight.restartChild();
      }
      observe();
    },
    stop() {
      isStopped = true;
      return follow();
    },
  };
}
