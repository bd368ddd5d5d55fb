// The child process. Only it loads the runtime and the model: what native code can break breaks here, and its memory goes with it.
import { flushCompileCache } from 'node:module';
import type { DetectionAnswer, DetectionRequest } from './detection-messages.ts';
import { loadSileroModel } from './silero-model.ts';

// The parent ends it; a Ctrl-C for the whole terminal must not look like a crash.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));

// What throws ends the process with the reason as its last words: the parent starts another one.
const loading = loadSileroModel();
let last: Promise<unknown> = loading;
process.on('message', ({ samples, isFirst }: DetectionRequest) => {
  last = last.then(async () => {
    const model = await loading;
    const answer: DetectionAnswer = { probability: await model.judge(samples, isFirst) };
    process.send?.(answer);
  });
});
await loading;
// Its end is a SIGKILL, before which nothing is written.
flushCompileCache();
