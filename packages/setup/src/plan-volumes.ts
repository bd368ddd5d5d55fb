import { type Peer, type ResolvedConfig, simulatorPlan } from '@understudy/shared/config';
import { SERVICE_NAMES, type ServiceName } from '@understudy/shared/contracts';
import { renderNatsConfig } from '@understudy/shared/messaging';
import { renderRedisConfig } from '@understudy/shared/servers';
import type { Credentials } from './credentials.ts';
import type { OperatorSecrets } from './operator-secrets.ts';

/** Files of one volume by path. Who mounts the volume reads all of them, so that each consumer has its own. */
export type VolumeFiles = Readonly<Record<string, string>>;
export type VolumePlan = Readonly<Record<string, VolumeFiles>>;

export interface PlanFacts {
  readonly config: ResolvedConfig;
  readonly simulated: readonly Peer[];
  readonly credentials: Credentials;
  readonly secrets: OperatorSecrets;
  /** Names of `secrets/` that a service may read. */
  readonly keys: Readonly<Partial<Record<ServiceName, readonly string[]>>>;
  /** Names of `secrets/` that switch on a receiver. */
  readonly receivers: readonly string[];
  /** What Prometheus and Alertmanager read. */
  readonly monitoring: { readonly prometheus: VolumeFiles; readonly alertmanager: VolumeFiles };
}

const EVERYWHERE = '0.0.0.0';
const pick = (secrets: OperatorSecrets, names: readonly string[]): VolumeFiles =>
  Object.fromEntries(names.map((name) => [name, secrets.get(name) ?? '']));

/** Pure: what each volume of the stack must hold. */
export function planVolumes(facts: PlanFacts): VolumePlan {
  const { config, credentials, secrets } = facts;
  const ofService = (service: ServiceName): VolumeFiles => ({
    ...pick(secrets, facts.keys[service] ?? []),
    nats_password: credentials.nats[service],
    redis_url: `redis://:${credentials.redis}@redis:6379`,
    token: credentials.token,
  });
  return {
    'nats-config': {
      'nats.conf': renderNatsConfig({
        bot: config.bot,
        host: EVERYWHERE,
        port: 4222,
        monitor: `${EVERYWHERE}:8222`,
        storeFolder: '/data/jetstream',
        passwords: credentials.nats,
      }),
    },
    'redis-config': {
      'redis.conf': renderRedisConfig({ host: EVERYWHERE, port: 6379, password: credentials.redis, folder: '/data' }),
      // For the health check, which must not write it on a command line.
      password: credentials.redis,
    },
    'simulators-config': {
      'simulators.json': JSON.stringify({
        ...simulatorPlan(config, facts.simulated),
        listen: EVERYWHERE,
        control: { port: config.simulators.control_port, allowedHosts: [config.hosts.simulators] },
      }),
    },
    ...Object.fromEntries(SERVICE_NAMES.map((service) => [`${service}-secrets`, ofService(service)])),
    'prometheus-config': facts.monitoring.prometheus,
    'alertmanager-config': facts.monitoring.alertmanager,
    'alertmanager-secrets': { ...pick(secrets, facts.receivers), supervisor_token: credentials.token },
    'grafana-secrets': { admin_password: credentials.grafanaAdmin },
  };
}
