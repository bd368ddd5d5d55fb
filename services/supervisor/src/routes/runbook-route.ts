import { readFile } from 'node:fs/promises';
import { inThisMode } from '@understudy/shared/config';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';

const FOLDER = new URL('../../../../docs/runbooks/', import.meta.url);

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** The page to which a notice links, in the commands of this mode. A browser shows plain text, and would save Markdown as a file. */
export function runbookRoute(app: FastifyInstance, folder = FOLDER, env = process.env): void {
  app.get<{ Params: { name: string } }>(
    '/v1/runbooks/:name',
    {
      schema: {
        summary: 'What an alert means and what to do',
        params: Type.Object({ name: Type.String({ pattern: '^[A-Za-z_]{1,60}$' }) }),
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      try {
        const page = inThisMode(await readFile(new URL(`${name}.md`, folder), 'utf8'), env);
        const type = request.headers.accept?.includes('text/html') ? 'text/plain' : 'text/markdown';
        return reply.type(`${type}; charset=utf-8`).header('x-content-type-options', 'nosniff').send(page);
      } catch (error) {
        if (!isMissing(error)) throw error;
        const message = `There is no runbook ${name}; docs/alerts.md lists all alerts`;
        return reply.code(404).send({ statusCode: 404, error: 'NOT_FOUND', message });
      }
    },
  );
}
