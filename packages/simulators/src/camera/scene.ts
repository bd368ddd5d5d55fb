/** What is before the camera at one instant. */
export interface Scene {
  /** Counts up; a new one every 20 s. */
  readonly index: number;
  readonly background: Rgb;
  readonly shape: { readonly x: number; readonly y: number; readonly radius: number; readonly colour: Rgb };
  /** 0..1, of the whole picture. */
  readonly brightness: number;
}

export type Rgb = readonly [red: number, green: number, blue: number];

const SCENE_MS = 20_000;
const BRIGHTNESS_PERIOD_MS = 7000;
const MOTION_PERIOD_MS = 4000;

/** Stage sets, one after another: background and shape differ strongly from their neighbours'. */
const SETS: readonly { background: Rgb; colour: Rgb }[] = [
  { background: [40, 60, 140], colour: [250, 210, 80] },
  { background: [180, 90, 60], colour: [60, 220, 210] },
  { background: [50, 130, 70], colour: [240, 240, 240] },
  { background: [210, 200, 170], colour: [120, 30, 110] },
];
const BLACK: Rgb = [0, 0, 0];

/** The scene at a time since the start: a ball on a path, light that comes and goes, another set every 20 s. Coordinates are 0..1. */
export function sceneAt(elapsedMs: number): Scene {
  const index = Math.floor(elapsedMs / SCENE_MS);
  const { background, colour } = SETS[index % SETS.length] ?? { background: BLACK, colour: BLACK };
  const turn = (2 * Math.PI * elapsedMs) / MOTION_PERIOD_MS;
  return {
    index,
    background,
    shape: { x: 0.5 + 0.35 * Math.cos(turn), y: 0.5 + 0.3 * Math.sin(2 * turn), radius: 0.12, colour },
    brightness: 0.75 + 0.25 * Math.sin((2 * Math.PI * elapsedMs) / BRIGHTNESS_PERIOD_MS),
  };
}

export const BLACK_SCENE: Scene = {
  index: -1,
  background: BLACK,
  shape: { x: 0.5, y: 0.5, radius: 0, colour: BLACK },
  brightness: 0,
};
