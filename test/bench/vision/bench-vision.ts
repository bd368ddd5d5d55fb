import { readFile } from 'node:fs/promises';
import { systemClock } from '@understudy/shared/service';
import { forkWorker } from '../../../services/cv-service/src/child/fork-worker.ts';
import { SAMPLE_PICTURE } from '../../../services/cv-service/src/child/human-library.ts';
import { createLooker, type Looker } from '../../../services/cv-service/src/child/looker.ts';
import type { BenchRow } from '../bench-row.ts';

const KINDS = ['people', 'faces', 'hands', 'gestures'] as const;

interface Measured {
  readonly perSecond: number;
  readonly memoryMb: number;
}

/** One look after another, the first (which loads) not counted. */
async function measure(looks: number, look: (looker: Looker) => Promise<{ readonly type: string }>): Promise<Measured> {
  let memoryMb = 0;
  const onMemory = (bytes: number): void => {
    memoryMb = bytes / 1024 / 1024;
  };
  const looker = createLooker({
    fork: forkWorker,
    clock: systemClock,
    timeoutMs: 20_000,
    memoryMb: 2000,
    onState: () => {},
    onMemory,
  });
  try {
    await looker.start();
    await look(looker);
    const beganAt = performance.now();
    for (let made = 0; made < looks; made += 1) {
      const { type } = await look(looker);
      if (type === 'absent' || type === 'detection_failed') throw new Error(`The vision process answered ${type}.`);
    }
    return { perSecond: looks / ((performance.now() - beganAt) / 1000), memoryMb };
  } finally {
    await looker.stop();
  }
}

const row = (id: string, what: string, { perSecond, memoryMb }: Measured): BenchRow => ({
  id,
  what,
  result: `${perSecond.toPrecision(3)} frames/s, ${memoryMb.toFixed(0)} MB`,
  baseline: '-',
  target: '-',
  isMet: undefined,
});

/** Frames per second and memory of the vision child, at full speed: the service asks for 2 and 0.5 a second. */
export async function benchVision({
  looks,
  closerLooks,
}: {
  readonly looks: number;
  readonly closerLooks: number;
}): Promise<BenchRow[]> {
  const photo = await readFile(SAMPLE_PICTURE);
  return [
    row('v.statistics', 'the vision child, light and movement', await measure(looks, (looker) => looker.look(photo))),
    row(
      'v.detection',
      'the vision child, people, faces, hands and gestures',
      await measure(closerLooks, (looker) => looker.detect(photo, { kinds: KINDS, minConfidence: 0.5 })),
    ),
  ];
}
