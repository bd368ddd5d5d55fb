/** Every picture is looked at in this size: enough for light and movement, nothing that could tell a face. */
export const LOOK_WIDTH = 64;
export const LOOK_HEIGHT = 36;
export const LOOK_PIXELS = LOOK_WIDTH * LOOK_HEIGHT;

const BINS = 16;

/** One grey picture of LOOK_PIXELS bytes. */
export type GreyPicture = Uint8Array;

/** Each from 0 to 1; those that compare are absent for the first picture. */
export interface PictureStatistics {
  readonly brightness: number;
  /** Mean difference of a pixel from the picture before. */
  readonly motion?: number;
  /** Share of the picture's light that has moved to other shades: half the distance between the two histograms. */
  readonly sceneChange?: number;
}

export const meanBrightness = (picture: GreyPicture): number =>
  picture.reduce((sum, value) => sum + value, 0) / (picture.length * 255);

export function frameDifference(a: GreyPicture, b: GreyPicture): number {
  const sum = a.reduce((total, value, index) => total + Math.abs(value - (b[index] ?? value)), 0);
  return sum / (a.length * 255);
}

function histogram(picture: GreyPicture): Float64Array {
  const bins = new Float64Array(BINS);
  for (const value of picture) bins[value >> 4] = (bins[value >> 4] ?? 0) + 1 / picture.length;
  return bins;
}

export function histogramDistance(a: GreyPicture, b: GreyPicture): number {
  const other = histogram(b);
  const distance = histogram(a).reduce((sum, share, bin) => sum + Math.abs(share - (other[bin] ?? 0)), 0);
  return Math.min(1, distance / 2);
}

/** @param before the picture looked at before, if there was one */
export const statisticsOf = (picture: GreyPicture, before?: GreyPicture): PictureStatistics => ({
  brightness: meanBrightness(picture),
  ...(before === undefined
    ? {}
    : { motion: frameDifference(picture, before), sceneChange: histogramDistance(picture, before) }),
});
