import type { BenchRow } from './bench-row.ts';
import { benchClassifyAndDecide } from './classify-and-decide/bench-classify-and-decide.ts';
import { benchErrorToCommand } from './error-to-command/bench-error-to-command.ts';
import { benchGuard } from './guard/bench-guard.ts';
import { benchHearing } from './hearing/bench-hearing.ts';
import { benchOsc } from './osc/bench-osc.ts';
import { benchReplyOverhead } from './reply-overhead/bench-reply-overhead.ts';
import { benchReportError } from './report-error/bench-report-error.ts';
import { benchStartToReady } from './start-to-ready/bench-start-to-ready.ts';
import { benchVision } from './vision/bench-vision.ts';
import { benchVoiceToChatbox } from './voice-to-chatbox/bench-voice-to-chatbox.ts';

export interface Bench {
  readonly title: string;
  /** About a minute in all, on two cores. */
  readonly run: () => Promise<BenchRow[]>;
  /** The least that shows that it still runs; its numbers mean nothing. */
  readonly smoke: () => Promise<BenchRow[]>;
}

/** (a) to (e): the core, in the order of "How fast"; then the services. */
export const BENCHES: readonly Bench[] = [
  {
    title: '(a) error published -> command received',
    run: () => benchErrorToCommand({ rounds: 300, warmUp: 60 }),
    smoke: () => benchErrorToCommand({ rounds: 2, warmUp: 1 }),
  },
  {
    title: '(b) classify and decide',
    run: () => benchClassifyAndDecide({ rounds: 25, warmUp: 5 }, 20_000),
    smoke: () => benchClassifyAndDecide({ rounds: 2, warmUp: 0 }, 200),
  },
  {
    title: '(c) one error logged, counted, published',
    run: () => benchReportError({ rounds: 5000, warmUp: 1000 }),
    smoke: () => benchReportError({ rounds: 5, warmUp: 0 }),
  },
  {
    title: '(d) the guard around a healthy call',
    run: () => benchGuard({ rounds: 25, warmUp: 5 }, 5000),
    smoke: () => benchGuard({ rounds: 2, warmUp: 0 }, 10),
  },
  {
    title: '(e) start to ready',
    run: () => benchStartToReady({ rounds: 15, warmUp: 2 }),
    smoke: () => benchStartToReady({ rounds: 1, warmUp: 0 }),
  },
  {
    title: '(l) reply overhead of the llm-service',
    run: () => benchReplyOverhead({ rounds: 60, warmUp: 10 }),
    smoke: () => benchReplyOverhead({ rounds: 2, warmUp: 1 }),
  },
  {
    title: '(v) vision: frames a second and memory of the child',
    run: () => benchVision({ looks: 400, closerLooks: 40 }),
    smoke: () => benchVision({ looks: 2, closerLooks: 1 }),
  },
  {
    title: '(h) hearing: speech detection and VBAN',
    run: () => benchHearing(120, { rounds: 200, warmUp: 20 }),
    smoke: () => benchHearing(1, { rounds: 2, warmUp: 1 }),
  },
  {
    title: '(o) OSC messages without loss',
    run: () =>
      benchOsc({
        inRates: [1000, 2000, 4500, 6000, 8000, 9500],
        outRates: [2500, 5000, 10_000, 20_000, 40_000],
        seconds: 0.5,
      }),
    smoke: () => benchOsc({ inRates: [200], outRates: [200], seconds: 0.05 }),
  },
  {
    title: '(t) transcript to chatbox, the whole bot',
    run: () => benchVoiceToChatbox(20),
    smoke: () => benchVoiceToChatbox(1),
  },
];
