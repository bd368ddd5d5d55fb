import { freePorts } from '@understudy/shared/testing';

/** A configuration as an operator would write it: any part of it, at any depth. */
export interface Yaml {
  readonly [name: string]: string | number | boolean | readonly unknown[] | Yaml;
}

const isSection = (value: unknown): value is Yaml =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function merge(base: Yaml, over: Yaml): Yaml {
  const merged = Object.entries(over).map(([name, value]) => {
    const below = base[name];
    return [name, isSection(value) && isSection(below) ? merge(below, value) : value] as const;
  });
  return { ...base, ...Object.fromEntries(merged) };
}

/** Every port of one bot and of the world around it. */
export interface Ports {
  readonly http: Readonly<
    Record<'supervisor' | 'audio-gateway' | 'osc-bridge' | 'llm-service' | 'cv-service' | 'starter', number>
  >;
  readonly simulators: Readonly<
    Record<
      | 'control_port'
      | 'llm_port'
      | 'camera_port'
      | 'vrchat_receive_port'
      | 'vrchat_send_port'
      | 'oscquery_port'
      | 'speaker_port',
      number
    >
  >;
  readonly nats: number;
  readonly redis: number;
  readonly vban: number;
  /** Where spans are collected. */
  readonly traces: number;
}

export async function choosePorts(): Promise<Ports> {
  const [first = 0] = await freePorts(17);
  const at = (offset: number) => first + offset;
  return {
    http: {
      supervisor: at(0),
      'audio-gateway': at(1),
      'osc-bridge': at(2),
      'llm-service': at(3),
      'cv-service': at(4),
      starter: at(5),
    },
    nats: at(6),
    redis: at(7),
    vban: at(8),
    traces: at(9),
    simulators: {
      control_port: at(10),
      llm_port: at(11),
      camera_port: at(12),
      vrchat_receive_port: at(13),
      vrchat_send_port: at(14),
      oscquery_port: at(15),
      speaker_port: at(16),
    },
  };
}

const PLENTY_MB = 4000;

/** A model that is there may need so long on a busy machine; one that hangs is left after it. */
export const LLM_DEADLINE_MS = 10_000;

/**
 * What is waited for between two tries in the field is short here, by configuration alone. What a part that works may take is not, and what
 * judges the machine (a late event loop, memory) is out of the way unless a test wants it: the machine that runs the tests may be busy.
 */
export const e2eConfig = ({ http, nats, redis, vban, traces, simulators }: Ports): Yaml => ({
  logging: { level: 'DEBUG' },
  http: { ports: { ...http } },
  nats: { port: nats },
  redis: { port: redis },
  tracing: { endpoint: `http://127.0.0.1:${traces}` },
  simulators: { ...simulators },
  audio: {
    listen: { port: vban },
    frames_timeout_ms: 1500,
    ping_interval_ms: 300,
    ping_timeout_ms: 600,
    breaker: { half_open_after_ms: 500 },
  },
  resources: {
    memory_limit_mb: {
      supervisor: PLENTY_MB,
      'audio-gateway': PLENTY_MB,
      'osc-bridge': PLENTY_MB,
      'llm-service': PLENTY_MB,
      'cv-service': PLENTY_MB,
    },
  },
  health: {
    heartbeat_interval_ms: 500,
    max_missed_heartbeats: 20,
    start_grace_ms: 120_000,
    event_loop_late_ms: 60_000,
    event_loop_blocked_ms: 20_000,
  },
  llm: { deadline_ms: LLM_DEADLINE_MS, first_token_timeout_ms: 2500, breaker: { half_open_after_ms: 500 } },
  turn: { budget_ms: 2 * LLM_DEADLINE_MS, delivery_wait_ms: 8000 },
  vrchat: { echo_timeout_ms: 1000, echo_interval_ms: 300, quiet_after_ms: 1000 },
  recovery: {
    command_timeout_ms: 10_000,
    device_fallback: { watch_interval_ms: 300 },
    reconnect_retry: { initial_delay_ms: 200, max_delay_ms: 1000, slow_probe_ms: 400 },
    cache_fallback: { watch_interval_ms: 400, account_watch_interval_ms: 400 },
    disable_feature: { restart_delay_ms: 100, off_ms: 1000, max_off_ms: 2000 },
    default_fallback: { watch_interval_ms: 300 },
    clear_and_restart: { settle_ms: 500, restart_wait_ms: 3000, calm_ms: 1500 },
    restart_intensity: { max_starts: 50 },
  },
});
