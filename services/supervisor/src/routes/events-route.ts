import type { Incident, IncidentStep, ModeChange } from '@understudy/shared/contracts';
import type { FastifyInstance } from 'fastify';
import { tellStreamer } from '../notify/words.ts';
import { tellStep } from '../record/incident-story.ts';

export interface EventSources {
  readonly onStep: (listener: (incident: Incident, step: IncidentStep) => void) => () => void;
  readonly onMode: (listener: (mode: ModeChange) => void) => () => void;
  readonly mode: () => ModeChange;
}

/** A reader that does not read must not make us remember for it. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
/** The words are repeated so that a reader tells silence from peace. */
const KEEP_ALIVE_MS = 15_000;
const MAX_READERS = 50;

/** Server-sent events: `incident` for every step, `mode` and `words` (the streamer's line) now and at each change. */
export function eventsRoute(app: FastifyInstance, sources: EventSources): void {
  let readers = 0;
  app.get(
    '/v1/events',
    { schema: { summary: 'Server-sent events', produces: ['text/event-stream'] } },
    (_request, reply) => {
      if (readers >= MAX_READERS) {
        void reply.code(503).send({
          statusCode: 503,
          error: 'TOO_MANY_READERS',
          message: `${MAX_READERS} readers listen already; close one`,
        });
        return;
      }
      readers += 1;
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        connection: 'keep-alive',
      });
      const send = (event: string, data: unknown) => {
        if (raw.writableLength > MAX_BUFFERED_BYTES) raw.destroy();
        else raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      };
      const sendWords = ({ limits }: ModeChange) => send('words', { streamer: tellStreamer(limits) });
      const sendMode = (mode: ModeChange) => {
        send('mode', mode);
        sendWords(mode);
      };
      sendMode(sources.mode());
      const stops = [
        sources.onMode(sendMode),
        sources.onStep((incident, step) => send('incident', { incident, step, text: tellStep(step) })),
      ];
      const keepAlive = setInterval(() => sendWords(sources.mode()), KEEP_ALIVE_MS);
      raw.on('close', () => {
        readers -= 1;
        clearInterval(keepAlive);
        for (const stop of stops) stop();
      });
    },
  );
}
