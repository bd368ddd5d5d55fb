import { drainOnRequest } from './graceful-shutdown.ts';

/** A process with three steps; the second does what the environment says. */
const say = (text: string) => process.stdout.write(`${text}\n`);
const SECOND: Record<string, () => unknown> = {
  finish: () => say('second'),
  fail: () => {
    throw new Error('the second step');
  },
  hang: () => new Promise(() => {}),
};

const drain = drainOnRequest({
  limitMs: 200,
  onError: (error) => say(`failed: ${error instanceof Error ? error.message : String(error)}`),
  steps: [() => say('first'), SECOND[process.env['SECOND_STEP'] ?? 'finish'] ?? (() => {}), () => say('third')],
});
setInterval(() => {}, 1000);
if (process.env['OWN_EXIT_CODE']) void drain(Number(process.env['OWN_EXIT_CODE']));
process.send?.({ type: 'ready' });
