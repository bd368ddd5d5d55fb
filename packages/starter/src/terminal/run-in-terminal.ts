import type { WriteStream } from 'node:tty';
import { createClient, followLines, openCheckout, paintFor } from '@understudy/cli';
import type { StartOptions } from '../start-options.ts';
import { startUnderstudy } from '../start-understudy.ts';
import { firstMode } from './first-mode.ts';
import { createStartTeller } from './start-teller.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { welcome } from './welcome.ts';

/**
 * The start as a person sees it: what is done, the table, then a line per incident and recovery, until Ctrl-C.
 * @returns the exit code. @throws StartRefusedError
 */
export async function runInTerminal(options: StartOptions, output: WriteStream): Promise<number> {
  // A terminal that was closed takes no more lines; the stop that its SIGHUP asks for must go on.
  output.on('error', () => {});
  const paint = paintFor(output);
  const say = (line: string) => void output.write(`${line}\n`);
  const lineOf = createStartTeller();
  const stopped = Promise.withResolvers<void>();
  const understudy = startUnderstudy({
    ...options,
    onEvent(event) {
      if (event.type === 'output' && (options.console ?? 'off') === 'off') return;
      const line = lineOf(event);
      if (line !== undefined) say(line);
    },
  });
  const following = new AbortController();
  stopOnSignals((how) => {
    say(
      how === 'now'
        ? 'understudy: ending everything now'
        : 'understudy: stopping, in reverse order (Ctrl-C again: at once)',
    );
    following.abort();
    void understudy.stop(how).then(stopped.resolve, stopped.reject);
  });

  await understudy.ready;
  const checkout = openCheckout(options.root);
  const client = createClient(checkout);
  const mode = await firstMode(client, following.signal);
  if (!following.signal.aborted) {
    say(
      welcome(
        {
          report: understudy.report(),
          mode,
          faults: options.faults ?? false,
          inputAddress: checkout.address('audio-gateway'),
          platform: process.platform,
        },
        paint,
      ),
    );
    void followLines({ client, paint, mode, signal: following.signal, say });
  }
  await stopped.promise;
  say('understudy: everything has ended');
  return 0;
}
