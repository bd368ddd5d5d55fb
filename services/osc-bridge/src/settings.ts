import type { ResolvedConfig } from '@understudy/shared/config';
import type { ChatboxSettings } from './chatbox/chatbox.ts';
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

export const oscQueryEndpoint = ({ vrchat }: ResolvedConfig): { host: string; port: number } | undefined =>
  vrchat.oscquery_port === undefined ? undefined : { host: vrchat.host, port: vrchat.oscquery_port };

export const chatboxSettings = ({ vrchat: { chatbox } }: ResolvedConfig): ChatboxSettings => ({
  minIntervalMs: chatbox.min_interval_ms,
  maxLength: chatbox.max_length,
  replaceAfterMs: chatbox.replace_after_ms,
  notificationSound: chatbox.notification_sound,
});

export const linkLimits = ({ vrchat }: ResolvedConfig): LinkLimits => ({
  quietAfterMs: vrchat.quiet_after_ms,
  echoIntervalMs: vrchat.echo_interval_ms,
  lostAfterProbes: vrchat.lost_after_probes,
});

export const lossFacts = ({ vrchat }: ResolvedConfig): LossFacts => ({
  target: `${vrchat.host}:${vrchat.send_port}`,
  receivePort: vrchat.receive_port,
  echoParameter: vrchat.echo_parameter,
});

export const reconnectPace = ({ recovery: { reconnect_retry } }: ResolvedConfig): ReconnectPace => ({
  initialDelayMs: reconnect_retry.initial_delay_ms,
  maxDelayMs: reconnect_retry.max_delay_ms,
  quickAttempts: reconnect_retry.quick_attempts,
  slowProbeMs: reconnect_retry.slow_probe_ms,
});
