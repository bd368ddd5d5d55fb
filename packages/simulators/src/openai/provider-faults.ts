import type { FaultBoard } from '../faults/fault-board.ts';
import type { FaultName } from '../faults/fault-table.ts';
import { type ApiError, apiErrors } from './api-error.ts';
import type { Exchange } from './exchange.ts';

export type Endpoint = 'chat' | 'models' | 'transcriptions' | 'speech';

/** How a fault shows on the wire. `stall`, `cut`, `refuse`, `filter` and `empty` are shapes of an answer that has begun. */
export type FaultEffect =
  | { readonly type: 'hang' | 'stall' | 'cut' | 'refuse' | 'filter' | 'empty' }
  | { readonly type: 'raw'; readonly status: number; readonly contentType: string; readonly body: string }
  | { readonly type: 'error'; readonly error: (facts: { model: string; key: string }) => ApiError };

interface ProviderFault {
  readonly endpoints: readonly Endpoint[];
  readonly effect: FaultEffect;
}

const PROXY_PAGE = `<!DOCTYPE html>
<html><head><title>Sign in to the network</title></head>
<body><h1>Welcome to StageNet Wi-Fi</h1><p>Please accept the terms of use to continue.</p></body></html>
`;

const raw = (status: number, contentType: string, body: string): FaultEffect => ({
  type: 'raw',
  status,
  contentType,
  body,
});

/** As Ollama and speaches say it. */
const NO_MEMORY = {
  ollama:
    '{"error":{"message":"model requires more system memory (5.6 GiB) than is available (3.2 GiB)","type":"api_error","param":null,"code":null}}',
  speaches: '{"detail":"Internal server error","error":"CUDA failed with error out of memory"}',
};

const ALL: readonly Endpoint[] = ['chat', 'models', 'transcriptions', 'speech'];

const PROVIDER_FAULTS: Partial<Record<FaultName, ProviderFault>> = {
  llm_timeout: { endpoints: ['chat'], effect: { type: 'hang' } },
  llm_stall: { endpoints: ['chat'], effect: { type: 'stall' } },
  llm_rate_limited: {
    endpoints: ['chat'],
    effect: { type: 'error', error: ({ model }) => apiErrors.rateLimited(model) },
  },
  llm_quota_exhausted: { endpoints: ['chat'], effect: { type: 'error', error: apiErrors.quotaExhausted } },
  llm_bad_key: { endpoints: ALL, effect: { type: 'error', error: ({ key }) => apiErrors.badKey(key) } },
  llm_unknown_model: {
    endpoints: ['chat'],
    effect: { type: 'error', error: ({ model }) => apiErrors.unknownModel(model) },
  },
  llm_context_too_long: {
    endpoints: ['chat'],
    effect: { type: 'error', error: () => apiErrors.contextTooLong(130_501, 128_000) },
  },
  llm_overloaded: {
    endpoints: ['chat', 'models'],
    effect: raw(503, 'text/plain', 'upstream connect error or disconnect/reset before headers. reset reason: overflow'),
  },
  llm_out_of_memory: { endpoints: ['chat'], effect: raw(500, 'application/json', NO_MEMORY.ollama) },
  llm_refusal: { endpoints: ['chat'], effect: { type: 'refuse' } },
  llm_content_filter: { endpoints: ['chat'], effect: { type: 'filter' } },
  llm_cut_stream: { endpoints: ['chat'], effect: { type: 'cut' } },
  llm_html: {
    endpoints: ['chat', 'models'],
    effect: raw(200, 'text/html; charset=utf-8', PROXY_PAGE),
  },
  llm_empty: { endpoints: ['chat'], effect: { type: 'empty' } },
  stt_timeout: { endpoints: ['transcriptions'], effect: { type: 'hang' } },
  stt_out_of_memory: { endpoints: ['transcriptions'], effect: raw(500, 'application/json', NO_MEMORY.speaches) },
  tts_timeout: { endpoints: ['speech'], effect: { type: 'hang' } },
  tts_empty: { endpoints: ['speech'], effect: { type: 'empty' } },
};

/** What is broken for this endpoint of this provider; of several faults the newest counts. */
export function effectFor(faults: FaultBoard, endpoint: Endpoint, { provider }: Exchange): FaultEffect | undefined {
  const active = faults
    .active()
    .filter(({ target }) => target === undefined || target === provider)
    .map(({ fault }) => PROVIDER_FAULTS[fault])
    .filter((fault) => fault?.endpoints.includes(endpoint));
  return active.at(-1)?.effect;
}
