import { setTimeout as delay } from 'node:timers/promises';
import type { ErrorEvent } from '@understudy/shared/contracts';
import { startNats } from '@understudy/shared/testing';
import { type BenchRow, inMs, times } from '../bench-row.ts';
import { measureInterleaved, type Rounds } from '../measure-interleaved.ts';
import { median, quantile } from '../quantile.ts';
import { openBareParts } from './bare-parts.ts';
import { createErrorAuthor, makeEvent } from './error-author.ts';
import { startSupervisor } from './start-supervisor.ts';

const P50_LIMIT = 1.25;
const P99_LIMIT_MS = 5;

/** Before each sample: what follows a recovery (its last records, its notice) shall not be measured with the next error. */
const REST_MS = 15;

const PATHS = [
  { id: 'bus', name: 'bus', what: "by the service's bus (outbox on disk)" },
  { id: 'bare', name: 'bare', what: 'by a bare JetStream publish' },
] as const;

const rested = (sample: () => Promise<number>) => async () => {
  await delay(REST_MS);
  return sample();
};

/** (a) From an error that its service publishes to the command that its owner receives; NATS and the supervisor are processes. */
export async function benchErrorToCommand(rounds: Rounds): Promise<BenchRow[]> {
  const nats = await startNats();
  const failures: unknown[] = [];
  const supervisor = await startSupervisor(nats);
  const author = await createErrorAuthor(nats, (error) => failures.push(error));
  const parts = await openBareParts(nats, JSON.stringify(makeEvent(0)));
  let number = 0;
  const healed = (path: (event: ErrorEvent) => Promise<number>) => async () => {
    const event = makeEvent(++number);
    const tookMs = await path(event);
    await supervisor.whenResolved(event.id);
    return tookMs;
  };
  try {
    const samples = await measureInterleaved(rounds, {
      delivery: rested(parts.publishToDelivery),
      append: rested(parts.append),
      requestReply: rested(parts.requestReply),
      bus: rested(healed(author.throughBus)),
      bare: rested(healed(author.bare)),
    });
    if (failures.length > 0) throw new Error('the bus of the bench met errors', { cause: failures[0] });
    return rowsOf(samples);
  } finally {
    await parts.close();
    await author.close();
    await supervisor.stop();
    await nats.stop();
  }
}

type Samples = Record<'delivery' | 'append' | 'requestReply' | 'bus' | 'bare', number[]>;

function rowsOf(samples: Samples): BenchRow[] {
  const [delivery, append, requestReply] = [samples.delivery, samples.append, samples.requestReply].map(median);
  if (delivery === undefined || append === undefined || requestReply === undefined) return [];
  const sum = delivery + append + requestReply;
  const parts = `${inMs(delivery)} + ${inMs(append)} + ${inMs(requestReply)} = ${inMs(sum)}`;
  return PATHS.flatMap(({ id, name, what }): BenchRow[] => {
    const p50 = median(samples[name]);
    const p99 = quantile(samples[name], 0.99);
    return [
      {
        id: `a.${id}.p50`,
        what: `error -> command, ${what}, p50`,
        result: `${inMs(p50)}, ${times(p50 / sum)}`,
        baseline: `publish to delivery + append + request-reply: ${parts}`,
        target: `<= ${times(P50_LIMIT)}`,
        isMet: p50 <= P50_LIMIT * sum,
      },
      {
        id: `a.${id}.p99`,
        what: `error -> command, ${what}, p99`,
        result: inMs(p99),
        baseline: `request-reply p99 ${inMs(quantile(samples.requestReply, 0.99))}`,
        target: `<= ${inMs(P99_LIMIT_MS)}`,
        isMet: p99 <= P99_LIMIT_MS,
      },
      {
        id: `a.${id}.ratio`,
        what: `error -> command, ${what}, against one request-reply`,
        result: times(p50 / requestReply),
        baseline: `request-reply p50 ${inMs(requestReply)}`,
        target: 'for the record',
        isMet: undefined,
      },
    ];
  });
}
