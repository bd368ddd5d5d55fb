import type { preHandlerAsyncHookHandler } from 'fastify';
import { type InputRequest, saysNothing } from '../contracts/index.ts';

/** For `POST /v1/input`, behind its schema: 400 for a text that no model need be asked about. */
export const requireWords: preHandlerAsyncHookHandler = async ({ body }) => {
  if (saysNothing((body as InputRequest).text))
    throw Object.assign(
      new Error('body/text has only blanks, invisible characters or quotation marks; send what the viewer says'),
      { statusCode: 400, code: 'EMPTY_TEXT' },
    );
};
