import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';

const COLUMNS = 24;

export interface Size {
  readonly w: number;
  readonly h: number;
}

/**
 * Places panels in their order: each as high as it can stand, then as far left. Grafana's own builder leaves holes beside panels of
 * unequal height.
 * @param top the first free line of the page
 * @throws RangeError for a panel that is wider than the page
 */
export function arrange(sizes: readonly Size[], top: number): { readonly places: GridPos[]; readonly bottom: number } {
  const free = new Array<number>(COLUMNS).fill(top);
  const places = sizes.map(({ w, h }): GridPos => {
    if (w > COLUMNS) throw new RangeError(`A panel is ${w} columns wide; a page has ${COLUMNS}.`);
    const lineAt = (x: number) => Math.max(...free.slice(x, x + w));
    let x = 0;
    for (let candidate = 1; candidate + w <= COLUMNS; candidate += 1) if (lineAt(candidate) < lineAt(x)) x = candidate;
    const y = lineAt(x);
    free.fill(y + h, x, x + w);
    return { x, y, w, h };
  });
  return { places, bottom: Math.max(...free) };
}
