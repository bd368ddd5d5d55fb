import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Incident, IncidentStep, ModeChange } from '@understudy/shared/contracts';
import { createHttpApp } from '@understudy/shared/service';
import { waitFor } from '@understudy/shared/testing';
import type { FastifyInstance } from 'fastify';
import { createCapabilityBoard } from '../health/capability-board.ts';
import { tellStreamer } from '../notify/words.ts';
import { isoAt, T0 } from '../testing/error-events.ts';
import { openIncident } from '../testing/incidents.ts';
import { eventsRoute } from './events-route.ts';

const incident = openIncident('OSC_CONNECTION_LOST');
const step: IncidentStep = { type: 'resolved', at: isoAt(T0), reason: 'proved' };
const mode = createCapabilityBoard().solve([], T0);

let app: FastifyInstance;
let onStep: Set<(incident: Incident, step: IncidentStep) => void>;
let onMode: Set<(mode: ModeChange) => void>;
let address: string;

function addTo<T>(listeners: Set<T>): (listener: T) => () => boolean {
  return (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
}

beforeEach(async () => {
  [onStep, onMode] = [new Set(), new Set()];
  app = await createHttpApp({
    service: 'supervisor',
    version: 'test',
    rules: () => ({ allowedHosts: [], allowedOrigins: [], token: 'x' }),
    notReady: () => undefined,
  });
  eventsRoute(app, { onStep: addTo(onStep), onMode: addTo(onMode), mode: () => mode });
  await app.listen({ host: '127.0.0.1', port: 0 });
  address = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/v1/events`;
});
afterEach(() => app.close());

/** Reads as a browser would. */
async function listen() {
  const abort = new AbortController();
  const answer = await fetch(address, { signal: abort.signal });
  const events: { event: string; data: unknown }[] = [];
  const read = async () => {
    let text = '';
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, event = '', data = 'null'] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
        events.push({ event, data: JSON.parse(data) });
      }
    }
  };
  const ended = read().catch(() => undefined);
  return { answer, events, ended, leave: () => abort.abort() };
}

describe('GET /v1/events', () => {
  it('sends the mode and the streamer\u2019s line at once, then every step in words and every change', async () => {
    const reader = await listen();
    assert.equal(reader.answer.headers.get('content-type'), 'text/event-stream');
    await waitFor(() => reader.events.length === 2, 'the first events');
    for (const tell of onStep) tell(incident, step);
    for (const tell of onMode) tell({ ...mode, mode: 'full', limits: [] });
    await waitFor(() => reader.events.length === 5, 'the others');
    assert.deepEqual(reader.events, [
      { event: 'mode', data: mode },
      { event: 'words', data: { streamer: tellStreamer(mode.limits) } },
      { event: 'incident', data: { incident, step, text: 'Verified and resolved: proved' } },
      { event: 'mode', data: { ...mode, mode: 'full', limits: [] } },
      { event: 'words', data: { streamer: '' } },
    ]);
    reader.leave();
  });

  it('forgets a reader that leaves', async () => {
    const reader = await listen();
    await waitFor(() => onStep.size === 1, 'the reader');
    reader.leave();
    await waitFor(() => onStep.size === 0 && onMode.size === 0, 'the reader to be forgotten');
  });

  it('lets no reader that does not read fill the memory', async () => {
    const stuck = await fetch(address);
    await waitFor(() => onStep.size === 1, 'the reader that does not read');
    const huge = { ...step, reason: 'x'.repeat(500_000) };
    await waitFor(() => {
      for (const tell of onStep) tell(incident, huge as IncidentStep);
      return onStep.size === 0;
    }, 'its connection to be ended');
    await stuck.body?.cancel().catch(() => undefined);
  });

  it('serves fifty readers and tells the next one to come later', async () => {
    const readers = await Promise.all(Array.from({ length: 50 }, listen));
    const refused = await fetch(address);
    assert.equal(refused.status, 503);
    assert.deepEqual(await refused.json(), {
      statusCode: 503,
      error: 'TOO_MANY_READERS',
      message: '50 readers listen already; close one',
    });
    for (const { leave } of readers) leave();
    await waitFor(() => onStep.size === 0, 'all to leave');
  });
});
