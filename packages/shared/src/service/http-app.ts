import { type FastifyInstance, fastify } from 'fastify';
import { inThisMode } from '../config/index.ts';
import type { ServiceName } from '../contracts/index.ts';
import { type Metrics, redactText } from '../telemetry/index.ts';
import { explainRefusal } from './explain-refusal.ts';
import { collectOpenApi } from './openapi-document.ts';
import { type GuardRules, judgeRequest } from './request-guard.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route changes the bot: it wants the bearer token. */
    needsToken?: boolean;
  }
}

export interface HttpAppOptions {
  readonly service: ServiceName | 'starter';
  readonly version: string;
  readonly metrics?: Pick<Metrics, 'inc' | 'text' | 'contentType'>;
  readonly rules: () => GuardRules;
  /** Why it cannot serve now; `undefined` when it can. */
  readonly notReady: () => string | undefined;
  readonly onError?: (error: unknown) => void;
}

const BODY_LIMIT_BYTES = 64 * 1024;

/** A Fastify with the guard, `/livez` (no dependencies), `/readyz` (with them), `/metrics` and `/openapi.json`. */
export async function createHttpApp(options: HttpAppOptions): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, verbose: true } },
    schemaErrorFormatter: (problems, part) => new Error(explainRefusal(problems, part)),
  });

  const refused = (reason: string) => options.metrics?.inc('understudy_bad_input_total', { edge: 'http', reason });
  app.addHook('onRequest', async (request, reply) => {
    const verdict = judgeRequest(
      {
        method: request.method,
        host: request.headers.host,
        origin: request.headers.origin,
        contentType: request.headers['content-type'],
        authorization: request.headers.authorization,
        needsToken: request.routeOptions.config.needsToken ?? false,
      },
      options.rules(),
    );
    if (verdict.ok) return undefined;
    refused(verdict.reason);
    return reply
      .code(verdict.status)
      .send({ statusCode: verdict.status, error: verdict.reason, message: inThisMode(verdict.message) });
  });
  app.setErrorHandler<Error & { statusCode?: number; code?: string }>((error, _request, reply) => {
    const statusCode = error.statusCode ?? 500;
    if (statusCode >= 500) options.onError?.(error);
    else refused(error.code === 'FST_ERR_VALIDATION' ? 'schema' : 'malformed');
    return reply
      .code(statusCode)
      .send({ statusCode, error: error.code ?? 'ERROR', message: redactText(error.message) });
  });

  const openApi = collectOpenApi(app, { title: `Understudy ${options.service}`, version: options.version });
  app.get('/livez', async () => ({ status: 'live' }));
  app.get('/readyz', async (_request, reply) => {
    const reason = options.notReady();
    return reason === undefined ? { status: 'ready' } : reply.code(503).send({ status: 'not ready', reason });
  });
  app.get('/openapi.json', { schema: { hide: true } }, openApi);
  const { metrics } = options;
  if (metrics)
    app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  return app;
}
