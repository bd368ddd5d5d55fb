import type { Observation, ProbeName } from '@understudy/shared/contracts';
import { createFakeContext } from '@understudy/shared/testing';
import { type Camera, startCamera } from '@understudy/simulators';
import { compose as composeOwn } from '../app.ts';
import { createLevelHistory } from './level-history.ts';
import { waitUntil } from './wait-until.ts';

export const FULL = 'full by child';

/** Generous: how long a command or probe of a loaded machine may take. */
export const patience = (): AbortSignal => AbortSignal.timeout(120_000);

/** What a test has opened; it closes that in reverse order. */
export type Releases = (() => Promise<unknown>)[];

export async function releaseAll(releases: Releases): Promise<void> {
  for (const release of releases.splice(0).reverse()) await release();
}

export interface ServiceSettings {
  /** Without `detect` no model is loaded: on a busy machine that takes a minute. */
  readonly vision?: Readonly<Record<string, number | string>>;
  readonly recovery?: string;
  /** Instead of the simulated camera's stream: `vision.source` as YAML. */
  readonly source?: (camera: Camera) => string;
  /** Instead of this service's own. */
  readonly compose?: typeof composeOwn;
}

/** The whole service on a real camera and a real child; only the bus is a fake. */
export async function openService(
  releases: Releases,
  { vision = {}, recovery = '', source, compose = composeOwn }: ServiceSettings = {},
) {
  const camera = await startCamera({ port: 0, framesPerSecond: 25 });
  const place = source?.(camera) ?? `{ kind: mjpeg, url: "${camera.streamUrl}" }`;
  const values = Object.entries({ max_fps: 20, child_timeout_ms: 20_000, detect: '[]', ...vision });
  const yaml = `vision:\n  source: ${place}\n${values.map(([name, value]) => `  ${name}: ${value}\n`).join('')}${recovery}`;
  const fake = createFakeContext('cv-service', { yaml });
  const world = { supervised: true };
  const history = createLevelHistory();
  const { levels } = history;
  const context = {
    ...fake,
    isSupervised: () => world.supervised,
    observe(capability: 'see', level: 'off' | 'degraded' | 'full', by: string) {
      fake.observe(capability, level, by);
      history.note(`${level} by ${by}`);
    },
  };
  const parts = await compose(context as typeof fake);
  releases.push(
    () => camera.close(),
    () => parts.stop(),
  );
  return {
    camera,
    context,
    parts,
    levels,
    world,
    see: (): string => levels.at(-1) ?? '',
    /** Waits until `see` has come to a level, however briefly: after the cause, which is done now, or else after the last wait. */
    async becomes(level: string, cause?: () => unknown): Promise<void> {
      if (cause !== undefined) history.begin();
      await cause?.();
      await waitUntil(
        () =>
          `see is ${level}; it was ${levels.join(', ')}; told: ${fake.errors.map(({ message }) => message).join(' ')}`,
        () => history.hasCome(level),
      );
    },
    codes: () => fake.errors.map(({ code }) => code),
    errors: fake.errors,
    observations: () => fake.bus.published.map(({ message }) => message as Observation),
    metrics: () => fake.metrics.text(),
    /** Of `understudy_vision_frames_total`. */
    async frames(result: 'looked' | 'bad' | 'skipped' | 'unseen'): Promise<number> {
      const line = new RegExp(`understudy_vision_frames_total\\{result="${result}",service="cv-service"\\} (\\d+)`);
      return Number(line.exec(await fake.metrics.text())?.[1]);
    },
    probe: async (what: ProbeName) => parts.probes[what]?.(undefined, patience()),
  };
}
