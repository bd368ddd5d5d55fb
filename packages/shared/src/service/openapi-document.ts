import { type FastifyInstance, fastify, type RouteOptions } from 'fastify';

export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
}

/** HEAD comes with every GET by itself and is not described. */
const isDescribed = ({ method }: RouteOptions): boolean => method !== 'HEAD';

async function describe(info: OpenApiInfo, routes: readonly RouteOptions[]): Promise<object> {
  const { default: swagger } = await import('@fastify/swagger');
  const twin = fastify({ exposeHeadRoutes: false });
  await twin.register(swagger, { openapi: { info } });
  for (const { method, url, schema, handler } of routes) twin.route({ method, url, schema: schema ?? {}, handler });
  await twin.ready();
  const document = twin.swagger();
  await twin.close();
  return document;
}

/**
 * Notes the routes of `app` from now on, and describes them when somebody asks first: what makes the description stays out of the memory
 * of a process that nobody asks.
 */
export function collectOpenApi(app: FastifyInstance, info: OpenApiInfo): () => Promise<object> {
  const routes: RouteOptions[] = [];
  let document: Promise<object> | undefined;
  app.addHook('onRoute', (route) => {
    if (isDescribed(route)) routes.push(route);
  });
  return () => {
    document ??= describe(info, routes);
    return document;
  };
}
