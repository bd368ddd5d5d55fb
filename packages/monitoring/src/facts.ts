import { createValidator } from '@understudy/shared/contracts';
import Type, { type Static } from 'typebox';
import { STACKS } from './parts.ts';

/** Files of `secrets/` that switch a receiver on. `deadman` is the address that must hear from us every minute. */
export const RECEIVER_SECRETS = [
  'discord',
  'telegram',
  'slack',
  'email',
  'ntfy',
  'pagerduty',
  'webhook',
  'deadman',
] as const;
export type ReceiverSecret = (typeof RECEIVER_SECRETS)[number];

const address = Type.String({ minLength: 1, description: 'host:port' });

const FactsSchema = Type.Object(
  {
    stack: Type.Enum([...STACKS]),
    /** Whose secret file exists. */
    receivers: Type.Array(Type.Enum([...RECEIVER_SECRETS])),
    /** Where each program is asked for its metrics. */
    addresses: Type.Object(
      {
        'fluent-bit': address,
        loki: address,
        tempo: address,
        grafana: address,
        prometheus: address,
        alertmanager: address,
      },
      { additionalProperties: false },
    ),
    /** Exporters of the machine itself; none answers where the operator has installed none. */
    hostExporters: Type.Array(address),
    /** Where Alertmanager finds the receivers' secrets and the supervisor's token. */
    secretsFolder: Type.String({ minLength: 1 }),
  },
  { additionalProperties: false },
);

/** What the configuration cannot know of the stack for which it is rendered. */
export type StackFacts = Static<typeof FactsSchema>;

/** The parts that Compose does not leave open: names of its network, folders of its mounts. */
export const COMPOSE_FACTS = {
  addresses: {
    'fluent-bit': 'fluent-bit:2020',
    loki: 'loki:3100',
    tempo: 'tempo:3200',
    grafana: 'grafana:3000',
    prometheus: 'localhost:9090',
    alertmanager: 'alertmanager:9093',
  },
  // windows_exporter and node_exporter by their default ports.
  hostExporters: ['host.docker.internal:9182', 'host.docker.internal:9100'],
  secretsFolder: '/run/understudy-secrets',
} as const satisfies Partial<StackFacts>;

const validate = createValidator(FactsSchema);

/** Reads the `facts.json` that was rendered beside Alertmanager's configuration. @throws Error that names what is wrong */
export function parseFacts(text: string): StackFacts {
  const result = validate(JSON.parse(text));
  if (result.ok) return result.value;
  throw new Error(`facts.json does not have its form (${result.reason}); docker compose up -d writes it anew`);
}
