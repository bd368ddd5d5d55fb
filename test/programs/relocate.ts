import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Copies a configuration of `infra/` with other folders and ports; all else stays as it is shipped.
 * @throws Error when something that shall be replaced is not there: the copy would use the real place
 */
export function relocate(from: string, to: string, places: Readonly<Record<string, string>>): void {
  let text = readFileSync(from, 'utf8');
  for (const [place, other] of Object.entries(places)) {
    if (!text.includes(place)) throw new Error(`${from} has no "${place}" that could be replaced`);
    text = text.replaceAll(place, other);
  }
  writeFileSync(to, text);
}
