import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePorts } from '@understudy/shared/testing';
import { startAnsweringServer } from '../testing/answering-server.ts';
import { MODE } from '../testing/answers.fixture.ts';
import type { BotEvent } from './bot-events.ts';
import { followEvents } from './follow-events.ts';

test('events are followed over a restart of the supervisor, until the signal', async () => {
  const stream = [`event: mode\ndata: ${JSON.stringify(MODE)}\n\n`, ': still here\n\n'];
  const answers = { 'GET /v1/events': { body: undefined, stream } };
  const [port = 0] = await freePorts(1);
  const first = await startAnsweringServer(answers, port);
  const stop = new AbortController();
  const events: BotEvent[] = [];
  const connections: boolean[] = [];
  let heard = () => {};
  const nextEvent = () =>
    new Promise<void>((resolve) => {
      heard = resolve;
    });
  const firstEvent = nextEvent();
  const following = followEvents({
    url: `http://127.0.0.1:${first.port}/v1/events`,
    signal: stop.signal,
    onEvent(event) {
      events.push(event);
      heard();
    },
    onConnection: (connected) => connections.push(connected),
  });
  await firstEvent;
  const secondEvent = nextEvent();
  await first.close();
  const second = await startAnsweringServer(answers, port);
  await secondEvent;
  stop.abort();
  await following;
  await second.close();
  assert.deepEqual(events, [
    { type: 'mode', ...MODE },
    { type: 'mode', ...MODE },
  ]);
  assert.deepEqual(connections, [true, false, true]);
});
