import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFacts, renderStack } from '@understudy/monitoring';
import type { ResolvedConfig } from '@understudy/shared/config';
import { writePrivately } from '@understudy/shared/servers';

function writeChanged(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writePrivately(file, text);
  }
}

/**
 * After a reload: thresholds, quiet hours and targets of the new configuration, as the setup would render them at the next up. What has
 * changed is noticed by `watchRendered`. @throws Error with whole sentences when it cannot be rendered
 */
export function renderAgain(config: ResolvedConfig, renderedFolder: string): void {
  const facts = parseFacts(readFileSync(join(renderedFolder, 'alertmanager', 'facts.json'), 'utf8'));
  const rendered = renderStack(config, facts);
  if (!rendered.ok) throw new Error(rendered.problems.join(' '));
  writeChanged(join(renderedFolder, 'prometheus'), rendered.prometheus);
  writeChanged(join(renderedFolder, 'alertmanager'), rendered.alertmanager);
}
