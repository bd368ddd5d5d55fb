import { createHttpApp, type ServiceParts } from '@understudy/shared/service';

const TOKEN = 'secret';

/** The bridge's routes behind the guard of every service; `act` posts to /v1/act. */
export async function openActClient(parts: Pick<ServiceParts, 'routes'>) {
  const http = await createHttpApp({
    service: 'osc-bridge',
    version: 'test',
    rules: () => ({ allowedHosts: [], allowedOrigins: [], token: TOKEN }),
    notReady: () => undefined,
  });
  parts.routes?.(http);
  return {
    act: (body: unknown, token = TOKEN) =>
      http.inject({
        method: 'POST',
        url: '/v1/act',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', host: '127.0.0.1' },
        payload: JSON.stringify(body),
      }),
    close: () => http.close(),
  };
}
