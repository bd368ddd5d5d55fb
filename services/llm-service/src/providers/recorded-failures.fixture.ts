import type { ErrorCode } from '@understudy/shared/errors';

/**
 * What a server sent, and what it means. Ids and keys are masked. Where the thread quotes only the message, `source` says so: then its
 * envelope is that of the same server's other errors.
 */
export interface RecordedFailure {
  readonly of: string;
  /** Where it was seen: a public thread, or this machine. */
  readonly source: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly code: ErrorCode;
  readonly retryAfterMs?: number;
  readonly contextTokens?: number;
}

const json = (value: unknown): string => JSON.stringify(value);
const SSE = { 'content-type': 'text/event-stream' };
const AZURE_FILTER =
  "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry. To learn more about our content filtering policies please read our documentation: https://go.microsoft.com/fwlink/?linkid=2198766";
/** llama-server 0.7.0 (build 11669) of Debian with a small model of our own, recorded on 2026-11-24 and 2026-11-30. */
const HERE = 'llama.cpp 0.7.0 on this machine';
/** Built from its Go module, with the same model. */
const OLLAMA_0_6 = 'Ollama 0.6.5 on this machine, 2026-11-30';
const OLLAMA = 'Ollama 0.17.4 on this machine, 2026-11-30 (0.6.5 says the same)';

export const RECORDED_FAILURES: readonly RecordedFailure[] = [
  // llama.cpp
  {
    of: 'llama.cpp: the prompt is longer than the slot',
    source: HERE,
    status: 400,
    body: '{"error":{"code":400,"message":"request (2451 tokens) exceeds the available context size (512 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":2451,"n_ctx":512}}',
    code: 'LLM_CONTEXT_TOO_LONG',
    contextTokens: 512,
  },
  {
    of: 'llama.cpp: the context fills up while it answers',
    source: 'https://github.com/ggml-org/llama.cpp/issues/19774',
    status: 500,
    body: '{"error":{"code":500,"message":"Context size has been exceeded.","type":"server_error"}}',
    code: 'LLM_CONTEXT_TOO_LONG',
  },
  {
    of: 'llama.cpp: wrong key',
    source: HERE,
    status: 401,
    body: '{"error":{"message":"Invalid API Key","type":"authentication_error","code":401}}',
    code: 'LLM_BAD_KEY',
  },
  {
    of: 'llama.cpp: wrong path',
    source: HERE,
    status: 404,
    body: '{"error":{"message":"File Not Found","type":"not_found_error","code":404}}',
    code: 'LLM_BAD_RESPONSE',
  },
  {
    of: 'llama.cpp: the model is being loaded',
    source: HERE,
    status: 503,
    body: '{"error":{"message":"Loading model","type":"unavailable_error","code":503}}',
    code: 'LLM_OVERLOADED',
  },
  {
    of: 'llama.cpp: a field that it does not take',
    source: HERE,
    status: 400,
    body: `{"error":{"code":400,"message":"Field 'max_tokens': Value must be between -1 <= value <= 2147483647, but got -5","type":"invalid_request_error"}}`,
    code: 'LLM_BAD_RESPONSE',
  },
  // Ollama. It cuts a prompt that is too long without a word: nothing to record; see silent-cut.ts.
  {
    of: 'Ollama 0.6: unknown model',
    source: OLLAMA_0_6,
    status: 404,
    body: '{"error":{"message":"model \\"nobody-has-this\\" not found, try pulling it first","type":"api_error","param":null,"code":null}}',
    code: 'LLM_UNKNOWN_MODEL',
  },
  {
    of: 'Ollama: unknown model',
    source: 'Ollama 0.17.4 on this machine, 2026-11-30',
    status: 404,
    body: `{"error":{"message":"model 'nobody-has-this' not found","type":"api_error","param":null,"code":null}}`,
    code: 'LLM_UNKNOWN_MODEL',
  },
  {
    of: 'Ollama: wrong path',
    source: OLLAMA,
    status: 404,
    headers: { 'content-type': 'text/plain' },
    body: '404 page not found',
    code: 'LLM_BAD_RESPONSE',
  },
  {
    of: 'Ollama: more requests than OLLAMA_MAX_QUEUE',
    source: OLLAMA,
    status: 503,
    body: '{"error":{"message":"server busy, please try again.  maximum pending requests exceeded","type":"api_error","param":null,"code":null}}',
    code: 'LLM_OVERLOADED',
  },
  {
    of: 'Ollama: the process of its model dies in mid-answer, which it tells as an empty chunk and an end',
    source: OLLAMA,
    status: 200,
    headers: SSE,
    body: 'data: {"id":"chatcmpl-99","object":"chat.completion.chunk","created":1796025784,"model":"slow","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":" on"},"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-99","object":"chat.completion.chunk","created":1796025784,"model":"","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\n',
    code: 'LLM_STALLED',
  },
  {
    of: 'Ollama: nothing to say',
    source: OLLAMA,
    status: 200,
    headers: SSE,
    body: 'data: {"id":"chatcmpl-695","object":"chat.completion.chunk","created":1796026038,"model":"tiny","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"stop"}]}\n\ndata: {"id":"chatcmpl-695","object":"chat.completion.chunk","created":1796026038,"model":"tiny","system_fingerprint":"fp_ollama","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":1,"total_tokens":12}}\n\ndata: [DONE]\n\n',
    code: 'LLM_EMPTY_RESPONSE',
  },
  {
    of: 'Ollama: unknown model, its own API behind a proxy',
    source: 'https://github.com/TheBlewish/Automated-AI-Web-Researcher-Ollama/issues/42',
    status: 404,
    body: `{"error":"model 'custom-phi3-32k-Q4_K_M' not found"}`,
    code: 'LLM_UNKNOWN_MODEL',
  },
  {
    of: 'Ollama: no memory for the model',
    source: 'https://github.com/continuedev/continue/issues/11715 (status and message)',
    status: 500,
    body: '{"error":{"message":"model requires more system memory (5.0 GiB) than is available (3.9 GiB)","type":"api_error","param":null,"code":null}}',
    code: 'LLM_OUT_OF_MEMORY',
  },
  {
    of: 'Ollama: no memory for a buffer of the model',
    source: 'https://github.com/continuedev/continue/issues/11223 (status and message)',
    status: 500,
    body: '{"error":{"message":"llama runner process has terminated: error loading model: unable to allocate CUDA_Host buffer","type":"api_error","param":null,"code":null}}',
    code: 'LLM_OUT_OF_MEMORY',
  },
  {
    of: 'Ollama: no memory on the GPU',
    source: 'https://github.com/ollama/ollama/issues/9782 (message)',
    status: 500,
    body: '{"error":{"message":"llama runner process has terminated: CUDA error: out of memory","type":"api_error","param":null,"code":null}}',
    code: 'LLM_OUT_OF_MEMORY',
  },
  {
    of: 'Ollama of 2026: its llama-server has no memory',
    source: 'https://github.com/ollama/ollama/issues/16968 (status and message)',
    status: 500,
    body: '{"error":{"message":"llama-server startup failed before projector CPU offload retry: llama-server reported out-of-memory during startup: ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 2566914048","type":"api_error","param":null,"code":null}}',
    code: 'LLM_OUT_OF_MEMORY',
  },
  {
    of: 'Ollama: the kernel ended the process of its model',
    source: 'Ollama 0.17.4, llm/server.go (the words before those of the process)',
    status: 500,
    body: '{"error":{"message":"llama runner process has terminated: signal: killed","type":"api_error","param":null,"code":null}}',
    code: 'LLM_OUT_OF_MEMORY',
  },
  {
    of: 'Ollama: the process of its model ended, it does not say of what',
    source: 'https://github.com/ollama/ollama/issues/11775 (status and message)',
    status: 500,
    body: '{"error":{"message":"llama runner process has terminated: exit status 2","type":"api_error","param":null,"code":null}}',
    code: 'LLM_SERVER_ERROR',
  },
  {
    of: 'Ollama: a model that it cannot read, told as too little memory perhaps',
    source: 'https://github.com/PrismML-Eng/Bonsai-demo/issues/31 (status and message)',
    status: 500,
    body: '{"error":{"message":"model failed to load, this may be due to resource limitations or an internal error, check ollama server logs for details","type":"api_error","param":null,"code":null}}',
    code: 'LLM_SERVER_ERROR',
  },
  // LM Studio
  {
    of: 'LM Studio: wrong path, answered with 200',
    source: 'https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/618',
    status: 200,
    body: '{"error":"Unexpected endpoint or method. (POST /chat/completions)"}',
    code: 'LLM_BAD_RESPONSE',
  },
  {
    of: 'LM Studio: too long, as an event of a stream that began with 200',
    source: 'https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/546 (message), #2322 (status 200 and stream)',
    status: 200,
    headers: SSE,
    body: `event: error\ndata: ${json({ error: { message: 'Trying to keep the first 111490 tokens when context the overflows. However, the model is loaded with context length of only 32768 tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter input. Error Data: n/a, Additional Data: n/a' } })}\n\n`,
    code: 'LLM_CONTEXT_TOO_LONG',
    contextTokens: 32_768,
  },
  {
    of: 'LM Studio: nothing loaded',
    source: 'https://github.com/lmstudio-ai/lms/issues/107 (status and message)',
    status: 404,
    body: json({
      error: {
        message: 'No models loaded. Please load a model in the developer page or use the `lms load` command.',
        type: 'invalid_request_error',
        param: 'model',
        code: 'model_not_found',
      },
    }),
    code: 'LLM_UNKNOWN_MODEL',
  },
  {
    of: 'LM Studio: no memory for the model that it was to load',
    source: 'https://github.com/agent0ai/agent-zero/issues/215 (status and message)',
    status: 404,
    body: json({
      error: {
        message:
          'Failed to load model "bartowski/Phi-3.1-mini-128k-instruct-GGUF". Error: Model loading aborted due to insufficient system resources. Overloading the system will likely cause it to freeze.',
        type: 'invalid_request_error',
        param: 'model',
        code: 'model_not_found',
      },
    }),
    code: 'LLM_OUT_OF_MEMORY',
  },
  // vLLM
  {
    of: 'vLLM: unknown model',
    source: 'https://github.com/vllm-project/vllm/issues/3485',
    status: 404,
    body: '{"object":"error","message":"The model `Qwen1.5-14B-Chat-GPTQ-Int8` does not exist.","type":"NotFoundError","param":null,"code":404}',
    code: 'LLM_UNKNOWN_MODEL',
  },
  {
    of: 'vLLM: too long',
    source: 'https://github.com/vllm-project/vllm/issues/20409 (message); envelope: #4667',
    status: 400,
    body: json({
      object: 'error',
      message:
        "This model's maximum context length is 16384 tokens. However, you requested 122946 tokens (112946 in the messages, 10000 in the completion). Please reduce the length of the messages or completion.",
      type: 'BadRequestError',
      param: null,
      code: 400,
    }),
    code: 'LLM_CONTEXT_TOO_LONG',
    contextTokens: 16_384,
  },
  // OpenAI and Azure
  {
    of: 'OpenAI: flagged prompt of a reasoning model',
    source: 'https://github.com/BeehiveInnovations/pal-mcp-server/issues/178',
    status: 400,
    headers: { 'x-ratelimit-remaining-requests': '9999', 'x-ratelimit-reset-requests': '6ms' },
    body: json({
      error: {
        message:
          'Invalid prompt: your prompt was flagged as potentially violating our usage policy. Please try again with a different prompt: https://platform.openai.com/docs/guides/reasoning#advice-on-prompting',
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_prompt',
      },
    }),
    code: 'LLM_CONTENT_FILTERED',
  },
  {
    of: 'OpenAI: content policy',
    source: 'https://github.com/songquanpeng/one-api/issues/737',
    status: 400,
    body: json({
      error: {
        code: 'content_policy_violation',
        message:
          'Your request was rejected as a result of our safety system. Your prompt may contain text that is not allowed by our safety system.',
        param: null,
        type: 'invalid_request_error',
      },
    }),
    code: 'LLM_CONTENT_FILTERED',
  },
  {
    of: 'OpenAI: rate, its wait only in words',
    source: 'https://github.com/Pythagora-io/gpt-pilot/pull/608',
    status: 429,
    body: json({
      error: {
        message:
          'Rate limit reached for gpt-4-turbo-preview in organization org-xxx on tokens per day (TPD): Limit 1500000, Used 1484072, Requested 16144. Please try again in 1m9.696s. Visit https://platform.openai.com/account/rate-limits to learn more.',
        type: 'tokens',
        param: null,
        code: 'rate_limit_exceeded',
      },
    }),
    code: 'LLM_RATE_LIMITED',
    retryAfterMs: 69_696,
  },
  {
    of: 'Azure: the filter of the prompt',
    source: 'https://github.com/compl-ai/compl-ai/issues/20',
    status: 400,
    body: json({
      error: {
        message: AZURE_FILTER,
        type: null,
        param: 'prompt',
        code: 'content_filter',
        status: 400,
        innererror: {
          code: 'ResponsibleAIPolicyViolation',
          content_filter_result: { violence: { filtered: true, severity: 'medium' } },
        },
      },
    }),
    code: 'LLM_CONTENT_FILTERED',
  },
  // Groq, Gemini, OpenRouter
  {
    of: 'Groq: rate',
    source: 'https://github.com/danielmiessler/Fabric/issues/364; headers: Pythagora-io/gpt-pilot#862',
    status: 429,
    headers: { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '7.66s' },
    body: json({
      error: {
        message:
          'Rate limit reached for model `llama3-70b-8192` in organization `org_xxx` on tokens per minute (TPM): Limit 7000, Used 0, Requested ~12903. Please try again in 50.597142857s. Visit https://console.groq.com/docs/rate-limits for more information.',
        type: 'tokens',
        code: 'rate_limit_exceeded',
      },
    }),
    code: 'LLM_RATE_LIMITED',
    retryAfterMs: 50_597,
  },
  {
    of: 'Gemini: rate, which it calls a quota, in a list',
    source:
      'https://github.com/continuedev/continue/issues/10125 (the error, without its metrics; the list is of the compatible endpoint)',
    status: 429,
    body: json([
      {
        error: {
          code: 429,
          message:
            'You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.\nPlease retry in 48.155319656s.',
          status: 'RESOURCE_EXHAUSTED',
        },
      },
    ]),
    code: 'LLM_RATE_LIMITED',
    retryAfterMs: 48_155,
  },
  {
    of: 'Gemini: a quota of none',
    source: 'https://github.com/continuedev/continue/issues/11926 (the error, without all but one of its metrics)',
    status: 429,
    body: json([
      {
        error: {
          code: 429,
          message:
            'You exceeded your current quota, please check your plan and billing details.\n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 0, model: gemini-3.1-pro\nPlease retry in 17.30897372s.',
          status: 'RESOURCE_EXHAUSTED',
        },
      },
    ]),
    code: 'LLM_QUOTA_EXHAUSTED',
    retryAfterMs: 17_309,
  },
  {
    of: 'OpenRouter: credit',
    source: 'https://github.com/open-assistant-org/open-assistant/issues/80',
    status: 402,
    body: json({
      error: {
        message: 'Insufficient credits. Add more using https://openrouter.ai/settings/credits',
        code: 402,
        metadata: { limit_source: 'openrouter_credits' },
      },
    }),
    code: 'LLM_QUOTA_EXHAUSTED',
  },
  {
    of: 'OpenRouter: the provider behind it limits',
    source: 'https://github.com/open-webui/computer/issues/293',
    status: 429,
    body: json({
      error: {
        message: 'Provider returned error',
        code: 429,
        metadata: {
          raw: 'z-ai/glm-5.3-flash is temporarily rate-limited upstream. Please retry shortly.',
          provider_name: 'BaseTen',
        },
      },
    }),
    code: 'LLM_RATE_LIMITED',
  },
  {
    of: 'OpenRouter: the same within a stream',
    source: 'https://github.com/BerriAI/litellm/issues/8448',
    status: 200,
    headers: SSE,
    body: `: OPENROUTER PROCESSING\n\ndata: ${json({ id: 'gen-1', choices: [], error: { message: 'Provider returned error', code: 429, metadata: { raw: 'error code: 1015', provider_name: 'Kluster' } } })}\n\n`,
    code: 'LLM_RATE_LIMITED',
  },
];
