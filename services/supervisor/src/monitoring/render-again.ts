import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFacts, renderStack } from '@understudy/monitoring';
import type { ResolvedConfig } from '@understudy/shared/config';
import { ServiceError } from '@understudy/shared/errors';
import { writePrivately } from '@understudy/shared/servers';
import type { MonitoringEnvironment } from './monitoring-environment.ts';

const LIMIT_MS = 5000;

function writeChanged(folder: string, files: Readonly<Record<string, string>>): boolean {
  const changed = Object.entries(files).filter(([path, text]) => {
    const file = join(folder, path);
    return !existsSync(file) || readFileSync(file, 'utf8') !== text;
  });
  for (const [path, text] of changed) writePrivately(join(folder, path), text);
  return changed.length > 0;
}

/** @throws Error with the program's own words when it refuses or is away */
export async function readAgain(reader: string): Promise<void> {
  const response = await fetch(`${reader}/-/reload`, { method: 'POST', signal: AbortSignal.timeout(LIMIT_MS) });
  if (!response.ok)
    throw new Error(
      `${reader} refuses its new configuration (HTTP ${response.status}): ${(await response.text()).slice(0, 500)}`,
    );
}

/**
 * After a reload: thresholds, quiet hours and targets of the new configuration reach Prometheus and Alertmanager, as the setup would
 * render them at the next up. @throws Error with whole sentences when it cannot be rendered or is refused
 */
export async function renderAgain(
  config: ResolvedConfig,
  { renderedFolder, readers }: MonitoringEnvironment,
): Promise<void> {
  const facts = parseFacts(readFileSync(join(renderedFolder, 'alertmanager', 'facts.json'), 'utf8'));
  const rendered = renderStack(config, facts);
  if (!rendered.ok) throw new Error(rendered.problems.join(' '));
  const changed = [
    writeChanged(join(renderedFolder, 'prometheus'), rendered.prometheus),
    writeChanged(join(renderedFolder, 'alertmanager'), rendered.alertmanager),
  ];
  if (changed.includes(true)) await Promise.all(readers.map(readAgain));
}

export const notRendered = (cause: unknown): ServiceError =>
  new ServiceError(
    'CONFIGURATION_INVALID',
    `Prometheus and Alertmanager keep their last configuration: ${cause instanceof Error ? cause.message : String(cause)}`,
    { subject: 'monitoring', cause },
  );
