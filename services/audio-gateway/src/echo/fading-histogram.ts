const LOWEST_DB = -100;
const BIN_DB = 1.5;
const BINS = 80;
/** Of the weight of a value; then all are made lighter. */
const HEAVIEST = 1e12;

/** How often each value of -100 to 20 dB came, the later ones counting more. */
export interface FadingHistogram {
  add(db: number): void;
  /** Below which a share of the values lies. */
  quantile(share: number): number;
}

/** @param halfLife after so many values one counts half */
export function createFadingHistogram(halfLife: number): FadingHistogram {
  const growth = 2 ** (1 / halfLife);
  const bins = new Float64Array(BINS);
  let weight = 1;
  let total = 0;
  return {
    add(db) {
      const bin = Math.max(0, Math.min(BINS - 1, Math.floor((db - LOWEST_DB) / BIN_DB)));
      bins[bin] = (bins[bin] ?? 0) + weight;
      total += weight;
      weight *= growth;
      if (weight < HEAVIEST) return;
      for (const [index, sum] of bins.entries()) bins[index] = sum / weight;
      total /= weight;
      weight = 1;
    },
    quantile(share) {
      let below = 0;
      for (let bin = 0; bin < BINS; bin += 1) {
        const sum = bins[bin] ?? 0;
        if (sum > 0 && below + sum >= share * total) {
          return LOWEST_DB + (bin + (share * total - below) / sum) * BIN_DB;
        }
        below += sum;
      }
      return LOWEST_DB;
    },
  };
}
