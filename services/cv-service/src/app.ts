import type { Compose } from '@understudy/shared/service';
import { createActingAlone } from './alone/act-alone.ts';
import { createOwnRepairs } from './alone/own-repairs.ts';
import { createChildFaults, isChildFault } from './child/child-faults.ts';
import { createCommands, createProbes } from './recovery-handlers.ts';
import { createSwitchedSight, SHED_FPS } from './see/switched-sight.ts';

/** How often missing frames and a silent supervisor are looked for. */
const TICK_MS = 200;

export const compose: Compose<'cv-service'> = async (context) => {
  const faults = createChildFaults(context.clock.now);
  const sight = createSwitchedSight(context, faults);
  let repairs = createOwnRepairs(sight.current, context.config().recovery);
  const actAlone = createActingAlone(context, () => repairs);

  context.onConfig((config) => {
    repairs = createOwnRepairs(sight.current, config.recovery);
    void sight.follow();
  });
  const ticking = setInterval(() => {
    sight.current()?.tick();
    actAlone();
  }, TICK_MS).unref();

  return {
    commands: createCommands(sight.settled),
    probes: createProbes(sight.settled),
    onCeiling: () => void sight.follow(),
    async injectFault({ fault, durationMs }) {
      if (!isChildFault(fault))
        throw new Error(`The cv-service has no fault ${fault} of its own; it has cv_crash, cv_hang.`);
      const open = sight.current();
      if (open === undefined)
        throw new Error('There is no vision process to hit: seeing is switched off by its ceiling.');
      faults.inject(fault, durationMs, open.looker.worker());
    },
    async shed(what) {
      if (what === 'caches') return `dropped ${sight.current()?.slot.clear() ?? 0} bytes of a waiting frame`;
      sight.shedFeatures(true);
      return `looks at ${SHED_FPS} frames a second at the most`;
    },
    restore: async () => sight.shedFeatures(false),
    safeMoment: async () => {},
    async stop() {
      clearInterval(ticking);
      faults.stop();
      await sight.stop();
    },
  };
};
