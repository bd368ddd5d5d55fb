import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const read = (name: string): string => readFileSync(new URL(`overlay/${name}`, import.meta.url), 'utf8');

const FILES = {
  '/overlay': { name: 'overlay.html', type: 'text/html; charset=utf-8' },
  '/overlay/overlay.css': { name: 'overlay.css', type: 'text/css; charset=utf-8' },
  // Loaded as a classic script: with a module a browser sends an Origin, and the guard lets no page but none call.
  '/overlay/overlay.js': { name: 'overlay.mjs', type: 'text/javascript; charset=utf-8' },
} as const;

/** Nothing from elsewhere, nothing inline, in nobody's frame. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/** The streamer's line, as a browser source of OBS. Its words come from `GET /v1/events`. */
export function overlayRoute(app: FastifyInstance): void {
  for (const [path, { name, type }] of Object.entries(FILES)) {
    const body = read(name);
    app.get(
      path,
      { schema: { hide: path !== '/overlay', summary: "The streamer's line, for OBS" } },
      (_request, reply) => reply.headers(HEADERS).type(type).send(body),
    );
  }
}
