import { isInContainer, type ResolvedConfig } from '@understudy/shared/config';
import type { ChatboxSettings } from './chatbox/chatbox.ts';
import { widenInterval } from './chatbox/widen-interval.ts';
import type { LinkLimits } from './link/link.ts';
import type { LossFacts } from './link/loss-message.ts';
import type { OscSettings } from './osc/osc-connection.ts';
import type { ReconnectPace } from './self-recovery.ts';

// The configuration's words in those of each room; read at each use, so that a reload holds at once.

export const oscSettings = ({ vrchat }: ResolvedConfig): OscSettings => ({
  host: vrchat.host,
  sendPort: vrchat.send_port,
  listenHost: vrchat.listen_host,
  receivePort: vrchat.receive_port,
});

/** The operator's port goes before the one that VRChat's log names. */
export const oscQueryEndpoint = (
  { vrchat }: ResolvedConfig,
  loggedPort: number | undefined,
): { host: string; port: number } | undefined => {
  const port = vrchat.oscquery_port ?? loggedPort;
  return port === undefined ? undefined : { host: vrchat.host, port };
};

/** As the subjects of the errors of its sockets name them. */
export const oscAddresses = ({ vrchat }: ResolvedConfig): string[] => [
  `${vrchat.host}:${vrchat.send_port}`,
  `udp:${vrchat.receive_port}`,
];

export const chatboxSettings = ({ vrchat: { chatbox } }: ResolvedConfig, lagMs: number): ChatboxSettings => ({
  minIntervalMs: widenInterval(chatbox.min_interval_ms, lagMs),
  maxLength: chatbox.max_length,
  replaceAfterMs: chatbox.replace_after_ms,
  notificationSound: chatbox.notification_sound,
});

export const linkLimits = ({ vrchat }: ResolvedConfig): LinkLimits => ({
  quietAfterMs: vrchat.quiet_after_ms,
  echoIntervalMs: vrchat.echo_interval_ms,
  lostAfterProbes: vrchat.lost_after_probes,
});

/** @param advertisedPort where VRChat says that it receives; it is told where it is another than the operator's */
export const lossFacts = ({ vrchat }: ResolvedConfig, advertisedPort: number | undefined): LossFacts => ({
  target: `${vrchat.host}:${vrchat.send_port}`,
  receivePort: vrchat.receive_port,
  echoParameter: vrchat.echo_parameter,
  inContainer: isInContainer(process.env),
  ...(advertisedPort === undefined || advertisedPort === vrchat.send_port ? {} : { advertisedPort }),
});

export const reconnectPace = ({ recovery: { reconnect_retry } }: ResolvedConfig): ReconnectPace => ({
  initialDelayMs: reconnect_retry.initial_delay_ms,
  maxDelayMs: reconnect_retry.max_delay_ms,
  quickAttempts: reconnect_retry.quick_attempts,
  slowProbeMs: reconnect_retry.slow_probe_ms,
});
