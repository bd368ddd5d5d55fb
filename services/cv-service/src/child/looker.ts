import type { VisionKind } from '@understudy/shared/config';
import type { Clock } from '@understudy/shared/service';
import { bulkhead, isBulkheadRejectedError } from 'cockatiel';
import type { ForkWorker, Worker, WorkerExit } from './fork-worker.ts';
import type { DetectionWish, LookAnswer, LookRequest } from './look-messages.ts';
import { answerInTime, HUNG } from './patience.ts';
import { readRunDelays } from './run-delays.ts';
import { SYNTHETIC_FRAME } from './synthetic-frame.ts';

/** Why the child is gone. */
export interface ChildFailure {
  readonly kind: 'crashed' | 'hung' | 'over_memory';
  /** One sentence for people. */
  readonly detail: string;
  readonly exit?: WorkerExit;
}

export type ChildState =
  | { readonly state: 'stopped' }
  | { readonly state: 'starting' }
  | { readonly state: 'ready' }
  | { readonly state: 'failed'; readonly failure: ChildFailure };

/** No child, it ended meanwhile, or too many wait for it. */
interface Absent {
  readonly type: 'absent';
  readonly detail: string;
}
type Answered<T extends LookAnswer['type']> = Extract<LookAnswer, { type: T }> | Absent;
export type LookResult = Answered<'seen' | 'bad_frame'>;
export type DetectResult = Answered<'detected' | 'detection_failed' | 'bad_frame'>;

export interface Looker {
  state(): ChildState;
  /** Ends what is left, starts a child and shows it a synthetic frame. @returns the state when that is settled */
  start(): Promise<ChildState>;
  /** Ends the child; that is no failure. */
  stop(): Promise<void>;
  look(image: Uint8Array): Promise<LookResult>;
  /** One look of the synthetic frame; the comparison of real frames is not disturbed. */
  lookAtSyntheticFrame(): Promise<LookResult>;
  /** Shows a picture to the models, which are loaded with the first one. */
  detect(image: Uint8Array, wish: DetectionWish): Promise<DetectResult>;
  /** Do the models find what is in their own sample picture? */
  proveModels(kinds: readonly VisionKind[]): Promise<DetectResult>;
  worker(): Worker | undefined;
}

export interface LookerOptions {
  readonly fork: ForkWorker;
  readonly clock: Pick<Clock, 'sleep'>;
  /** A look that takes longer, without the child's waiting for a processor: it hangs and is ended. */
  readonly timeoutMs: number;
  /** Limit of the child's heap and of its resident memory. */
  readonly memoryMb: number;
  /** Told at every change, at once. */
  onState(state: ChildState): void;
  /** What the child takes, with each of its answers. */
  onMemory?(rssBytes: number): void;
  /** The child said something that is no answer. */
  onBadAnswer?(): void;
  /** Told of every new child, before it answers. */
  onFork?(worker: Worker): void;
}

/** Loading Node and libvips takes 0.1 s on a quiet machine, seconds on one that plays a game; who waits gives up earlier. */
const START_TIMEOUT_MS = 20_000;
/** Loading the models takes 0.2 s and a look 0.35 s on a quiet machine; on a busy one the child is the last to be served. */
const DETECT_TIMEOUT_MS = 15_000;
/** A frame and a probe or two; more would wait for answers that nobody needs any longer. */
const MAX_WAITING = 4;

const endedBy = ({ exitCode, signal, lastStderrLine }: WorkerExit): string => {
  const how = signal === null ? `ended by exit code ${exitCode}` : `ended by signal ${signal}`;
  const what = exitCode === null && signal === null ? 'could not be started' : how;
  return `the vision process ${what}${lastStderrLine === '' ? '' : `: ${lastStderrLine}`}`;
};

type Question =
  Exclude<LookRequest, { type: 'spin' }> extends infer R ? (R extends unknown ? Omit<R, 'id'> : never) : never;

interface Child {
  readonly worker: Worker;
  ask(question: Question, timeoutMs: number): Promise<LookAnswer | Absent>;
}

const isLook = (answer: LookAnswer | Absent): answer is LookResult =>
  answer.type === 'seen' || answer.type === 'bad_frame' || answer.type === 'absent';
const isDetection = (answer: LookAnswer | Absent): answer is DetectResult => answer.type !== 'seen';
const GONE: Absent = { type: 'absent', detail: 'the vision process has ended' };
const MISUNDERSTOOD: Absent = { type: 'absent', detail: 'the vision process answered something else' };

/** One child at a time, one look at a time. It never starts a child by itself. */
export function createLooker(options: LookerOptions): Looker {
  let state: ChildState = { state: 'stopped' };
  let current: Child | undefined;
  let ending: Promise<unknown> = Promise.resolve();
  /** Counts starts and stops: the last one holds. */
  let wish = 0;

  function become(next: ChildState): void {
    state = next;
    options.onState(next);
  }

  function fail(worker: Worker, failure: ChildFailure): void {
    if (current?.worker !== worker) return;
    current = undefined;
    become({ state: 'failed', failure });
    void worker.end();
  }

  /** A child of its own with its own queue: what waited for the last one is answered by that one's end. */
  function forkChild(): Child {
    const oneAtATime = bulkhead(1, MAX_WAITING);
    const waiting = new Map<number, (result: LookAnswer | Absent) => void>();
    let lastId = 0;
    const worker = options.fork(options.memoryMb, {
      onAnswer(answer) {
        waiting.get(answer.id)?.(answer);
        options.onMemory?.(answer.rssBytes);
        if (answer.rssBytes <= options.memoryMb * 1024 * 1024) return;
        const usedMb = Math.round(answer.rssBytes / 1024 / 1024);
        const detail = `the vision process uses ${usedMb} MB, more than vision.child_memory_mb (${options.memoryMb}), and was ended`;
        fail(worker, { kind: 'over_memory', detail });
      },
      onBadAnswer: () => options.onBadAnswer?.(),
      onExit(exit) {
        const detail = endedBy(exit);
        fail(worker, { kind: exit.isOutOfMemory ? 'over_memory' : 'crashed', detail, exit });
        for (const answer of waiting.values()) answer({ type: 'absent', detail });
      },
    });

    async function ask(question: Question, timeoutMs: number): Promise<LookAnswer | Absent> {
      const id = ++lastId;
      try {
        const answer = await oneAtATime.execute(() => {
          if (current?.worker !== worker) return GONE;
          const answered = new Promise<LookAnswer | Absent>((resolve) => void waiting.set(id, resolve));
          worker.send({ ...question, id });
          return answerInTime(answered, timeoutMs, () => readRunDelays(worker.pid), options.clock.sleep);
        });
        if (answer !== HUNG) return answer;
        const detail = `the vision process did not answer within ${timeoutMs} ms and was ended`;
        fail(worker, { kind: 'hung', detail });
        return { type: 'absent', detail };
      } catch (error) {
        if (isBulkheadRejectedError(error)) return { type: 'absent', detail: 'too many looks wait already' };
        throw error;
      } finally {
        waiting.delete(id);
      }
    }
    return { worker, ask };
  }

  /** Ends what is left. Resolves when every child so far is gone. */
  function letGo(): Promise<unknown> {
    const left = current?.worker;
    current = undefined;
    ending = Promise.all([ending, left?.end()]);
    return ending;
  }

  async function ask(question: Question, timeoutMs: number): Promise<LookAnswer | Absent> {
    if (current === undefined || state.state !== 'ready') {
      return {
        type: 'absent',
        detail: state.state === 'failed' ? state.failure.detail : `the vision process is ${state.state}`,
      };
    }
    return current.ask(question, timeoutMs);
  }

  async function look(image: Uint8Array, remember: boolean): Promise<LookResult> {
    const answer = await ask({ type: 'look', image, remember }, options.timeoutMs);
    return isLook(answer) ? answer : MISUNDERSTOOD;
  }

  async function lookCloser(question: Question): Promise<DetectResult> {
    const answer = await ask(question, Math.max(DETECT_TIMEOUT_MS, options.timeoutMs));
    return isDetection(answer) ? answer : MISUNDERSTOOD;
  }

  return {
    state: () => state,
    async start() {
      const mine = ++wish;
      const isGone = letGo();
      become({ state: 'starting' });
      await isGone;
      if (mine !== wish) return state;
      const child = forkChild();
      current = child;
      options.onFork?.(child.worker);
      const answer = await child.ask({ type: 'look', image: SYNTHETIC_FRAME, remember: false }, START_TIMEOUT_MS);
      if (current !== child) return state;
      if (answer.type === 'seen') become({ state: 'ready' });
      else {
        const detail =
          answer.type === 'bad_frame'
            ? `the vision process cannot decode a JPEG: ${answer.reason}`
            : (isLook(answer) ? answer : MISUNDERSTOOD).detail;
        fail(child.worker, { kind: 'crashed', detail });
      }
      return state;
    },
    async stop() {
      wish += 1;
      const isGone = letGo();
      become({ state: 'stopped' });
      await isGone;
    },
    look: (image) => look(image, true),
    lookAtSyntheticFrame: () => look(SYNTHETIC_FRAME, false),
    detect: (image, wish) => lookCloser({ type: 'detect', image, ...wish }),
    proveModels: (kinds) => lookCloser({ type: 'prove', kinds }),
    worker: () => current?.worker,
  };
}
