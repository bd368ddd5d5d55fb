import { ServiceError } from '@understudy/shared/errors';

const LIMIT_MS = 5000;

/** What the operator must know: the last good configuration stays in use. */
export const keptConfiguration = (cause: unknown): ServiceError =>
  new ServiceError(
    'CONFIGURATION_INVALID',
    `Prometheus and Alertmanager keep their last configuration: ${cause instanceof Error ? cause.message : String(cause)}`,
    { subject: 'monitoring', cause },
  );

/**
 * Asks Prometheus or Alertmanager to read its files again.
 * @param reader its base URL @throws ServiceError when it refuses them, with its own words; Error when it is away
 */
export async function readAgain(reader: string): Promise<void> {
  const response = await fetch(`${reader}/-/reload`, { method: 'POST', signal: AbortSignal.timeout(LIMIT_MS) });
  if (response.ok) return;
  const words = (await response.text()).slice(0, 500);
  throw keptConfiguration(new Error(`${reader} refuses its new one (HTTP ${response.status}): ${words}`));
}
