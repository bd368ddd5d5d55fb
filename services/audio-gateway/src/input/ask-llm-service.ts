import {
  ASKED_BY_HEADER,
  createValidator,
  type InputRequest,
  type InputResponse,
  InputResponseSchema,
} from '@understudy/shared/contracts';
import { ServiceError } from '@understudy/shared/errors';
import { traceHeaders } from '@understudy/shared/telemetry';
import { transportCode } from '../adapters/transport-code.ts';

export type AskLlmService = (request: InputRequest, timeoutMs: number) => Promise<InputResponse>;

const validate = createValidator(InputResponseSchema);

/**
 * The llm-service's own `POST /v1/input`, for when the bus is away.
 * @param url of the service, without a path
 */
export const createAskLlmService =
  (url: () => string): AskLlmService =>
  async (request, timeoutMs) => {
    const address = `${url()}/v1/input`;
    const unreachable = (why: string, cause?: unknown) =>
      new ServiceError(
        'SERVICE_UNREACHABLE',
        `The bus is away and llm-service at ${address} ${why}; see \`understudy status\``,
        {
          subject: 'llm-service',
          capability: 'think',
          context: { address, timeoutMs },
          cause,
        },
      );
    let body: unknown;
    try {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [ASKED_BY_HEADER]: 'audio-gateway', ...traceHeaders() },
        body: JSON.stringify(request),
        signal: AbortSignal.timeout(Math.max(1, Math.round(timeoutMs))),
      });
      if (!response.ok) throw unreachable(`answered HTTP ${response.status}`);
      body = await response.json();
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      throw unreachable(`did not answer: ${transportCode(error)}`, error);
    }
    const checked = validate(body);
    if (!checked.ok) throw unreachable(`answered what is no reply: ${checked.reason}`);
    return checked.value;
  };
