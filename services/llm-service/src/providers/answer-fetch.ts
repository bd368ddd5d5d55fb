import { createAnswerLimit } from './answer-limit.ts';
import { createJsonAsEvent } from './json-as-event.ts';

const failing = (error: Error) =>
  new ReadableStream<Uint8Array>({
    start: (out) => out.error(error),
  });

/**
 * The client's `fetch`: every answer is bounded, and one that is a JSON object comes as an event. What is wrong with it fails its body,
 * since the client takes whatever fetch throws for a failed connection.
 * @param unusable the error for an answer that cannot be taken; its argument is the end of "provider primary ..."
 */
export function createAnswerFetch(unusable: (what: string) => Error): typeof fetch {
  return async (input, init) => {
    const { body, status, statusText, headers, ok } = await fetch(input, init);
    if (body === null && ok)
      return new Response(failing(unusable(`answered ${status}, which has no text`)), { headers });
    const bounded = (ok ? body?.pipeThrough(new TransformStream(createJsonAsEvent())) : body)?.pipeThrough(
      new TransformStream(createAnswerLimit(unusable)),
    );
    return new Response(bounded ?? null, { status, statusText, headers });
  };
}
