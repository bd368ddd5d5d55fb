import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { setImmediate as socketsRead } from 'node:timers/promises';
import { monotonicClock } from '@understudy/shared/service';
import { createEcho } from './echo.ts';

test('an echo that came in time is heard, although the process was kept from running until the time was over', async (t) => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  t.after(() => socket.close());
  await once(socket, 'listening');
  const { promise: timeOver, resolve: endTime } = Promise.withResolvers<void>();
  const echo = createEcho({
    clock: { ...monotonicClock, sleep: () => timeOver },
    parameter: () => 'UnderstudyProbe',
    timeoutMs: () => 1000,
    async send() {
      // Behind the reading of sockets: what is sent now is read in the next turn, and that begins with the timers.
      await socketsRead();
      socket.send('echo', socket.address().port, '127.0.0.1');
      setTimeout(endTime, 1);
      for (const until = performance.now() + 5; performance.now() < until; );
      return true;
    },
    oscQuery: { ask: async () => ({ peer: 'unknown' }) },
    listed: () => 'unknown',
    onRoundTrip: () => {},
  });
  socket.on('message', () => echo.heard(true));
  assert.deepEqual(await echo.ask(new AbortController().signal), { proven: true, by: 'echo' });
});
