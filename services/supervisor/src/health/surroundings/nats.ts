import type { Hub } from '@understudy/shared/messaging';
import type { Metrics } from '@understudy/shared/telemetry';

/** NATS as it tells of itself, and the bot's streams in it. While it does not answer nothing is claimed of either. */
export function createNatsLook(metrics: Pick<Metrics, 'set' | 'replace'>, hub: Pick<Hub, 'serverState'>) {
  return async (): Promise<void> => {
    const state = await hub.serverState().catch(() => undefined);
    metrics.set('understudy_dependency_up', { dependency: 'nats' }, state ? 1 : 0);
    const { streams = [] } = state ?? {};
    metrics.replace('understudy_nats_memory_bytes', state ? [{ labels: {}, value: state.memoryBytes }] : []);
    metrics.replace('understudy_nats_slow_consumers', state ? [{ labels: {}, value: state.slowConsumers }] : []);
    metrics.replace(
      'understudy_stream_messages',
      streams.map(({ name, messages }) => ({ labels: { stream: name }, value: messages })),
    );
    metrics.replace(
      'understudy_stream_bytes',
      streams.map(({ name, bytes }) => ({ labels: { stream: name }, value: bytes })),
    );
  };
}
