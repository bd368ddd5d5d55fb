import Type, { type Static } from 'typebox';
import type { ServiceName } from './services.ts';

/**
 * Who makes it happen where the world would: the `simulator` of a peer (goes silent, answers 429, ...), the `service` itself
 * (its child is killed), or the starter, which owns the `server` processes.
 */
type FaultPlace = 'simulator' | 'service' | 'server';

interface FaultRow {
  readonly owner: ServiceName | 'starter';
  readonly place: FaultPlace;
}

const at = (owner: FaultRow['owner'], place: FaultPlace): FaultRow => ({ owner, place });

/** The faults on purpose, each at the service it belongs to: `POST /v1/faults`. */
export const FAULTS = {
  audio_device_unavailable: at('audio-gateway', 'simulator'),
  audio_silence: at('audio-gateway', 'simulator'),
  audio_garbage: at('audio-gateway', 'simulator'),
  stt_timeout: at('audio-gateway', 'simulator'),
  stt_out_of_memory: at('audio-gateway', 'simulator'),
  tts_timeout: at('audio-gateway', 'simulator'),
  tts_empty: at('audio-gateway', 'simulator'),
  osc_connection_lost: at('osc-bridge', 'simulator'),
  osc_disabled: at('osc-bridge', 'simulator'),
  osc_writes_ignored: at('osc-bridge', 'simulator'),
  osc_sends_lost: at('osc-bridge', 'simulator'),
  osc_garbage: at('osc-bridge', 'simulator'),
  osc_flood: at('osc-bridge', 'simulator'),
  llm_timeout: at('llm-service', 'simulator'),
  llm_stall: at('llm-service', 'simulator'),
  llm_quota_exhausted: at('llm-service', 'simulator'),
  llm_rate_limited: at('llm-service', 'simulator'),
  llm_bad_key: at('llm-service', 'simulator'),
  llm_unknown_model: at('llm-service', 'simulator'),
  llm_context_too_long: at('llm-service', 'simulator'),
  llm_overloaded: at('llm-service', 'simulator'),
  llm_out_of_memory: at('llm-service', 'simulator'),
  llm_refusal: at('llm-service', 'simulator'),
  llm_content_filter: at('llm-service', 'simulator'),
  llm_cut_stream: at('llm-service', 'simulator'),
  llm_html: at('llm-service', 'simulator'),
  llm_empty: at('llm-service', 'simulator'),
  cv_crash: at('cv-service', 'service'),
  cv_hang: at('cv-service', 'service'),
  camera_gone: at('cv-service', 'simulator'),
  camera_frozen: at('cv-service', 'simulator'),
  camera_black: at('cv-service', 'simulator'),
  camera_garbage: at('cv-service', 'simulator'),
  nats_down: at('starter', 'server'),
  redis_down: at('starter', 'server'),
} as const satisfies Record<string, FaultRow>;

/** Faults that every service can suffer in its own process; whoever injects names the service. */
export const PROCESS_FAULTS = ['event_loop_blocked', 'memory_exhaustion', 'configuration_invalid', 'crash'] as const;
export type ProcessFault = (typeof PROCESS_FAULTS)[number];

export type FaultName = keyof typeof FAULTS | ProcessFault;
export const FAULT_NAMES = [...Object.keys(FAULTS), ...PROCESS_FAULTS] as FaultName[];

export const FaultRequestSchema = Type.Object(
  {
    fault: Type.Enum(FAULT_NAMES),
    /** One device or provider; without it all are hit. */
    target: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
    durationMs: Type.Integer({ minimum: 1, maximum: 3_600_000 }),
  },
  { additionalProperties: false },
);
export type FaultRequest = Static<typeof FaultRequestSchema>;
