import type { TestDelivery } from '@understudy/shared/contracts';

const REMEDY: Record<TestDelivery['state'], string> = {
  delivered: '',
  failed:
    ' Check its file in secrets/ (docker compose up again after a change) and the reason in: docker compose logs alertmanager',
  not_sent: ' Alertmanager has not sent it yet; see: docker compose logs alertmanager',
};

function line({ kind, names, delivered, failedAttempts, state }: TestDelivery): string {
  const attempts = failedAttempts > 0 ? `, ${failedAttempts} attempt${failedAttempts === 1 ? '' : 's'} failed` : '';
  return `${kind} (${names.join(', ')}): ${delivered} of ${names.length} delivered${attempts}.${REMEDY[state]}`;
}

/**
 * For the operator.
 * @param cameBack the console and log_file channels were reached by the webhook
 */
export function tellDeliveries(deliveries: readonly TestDelivery[], cameBack: boolean): string {
  const people = deliveries.reduce((sum, { names }) => sum + names.length, 0) - (cameBack ? 1 : 0);
  return [
    ...deliveries.map(line),
    cameBack
      ? 'console and log_file: told by the webhook.'
      : "console and log_file: Alertmanager's webhook did not come back here. Is its receiver for http://supervisor:8700/v1/alertmanager there, with the token?",
    ...(people > 0
      ? []
      : [
          'Nobody but the console is told: put a secret into secrets/ (discord, ntfy, ...) and run docker compose up again.',
        ]),
  ].join('\n');
}
