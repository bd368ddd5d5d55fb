import type { TraceHeaders } from '@understudy/shared/telemetry';

/** One sentence that is to be spoken. */
export interface Sentence {
  readonly turnId: string;
  readonly seq: number;
  readonly text: string;
  /** When its turn must have begun to be spoken; epoch milliseconds. */
  readonly deadline: number;
  /** Of the reply that it is a part of. */
  readonly trace?: TraceHeaders;
}

export interface SpeechQueue {
  /** The newest turn that was heard of. */
  readonly turnId: string | undefined;
  /** Has it begun to be spoken? Then the rest of it is spoken too, however long it takes. */
  readonly hasBegun: boolean;
  readonly waiting: readonly Sentence[];
  /** Sequence numbers of the newest turn that were taken in: a repeated sentence is spoken once. */
  readonly seen: readonly number[];
  /** Turns that are over: what still comes of them is not spoken. */
  readonly passed: readonly { readonly turnId: string; readonly because: 'too_old' | 'interrupted' }[];
}

export const EMPTY_QUEUE: SpeechQueue = { turnId: undefined, hasBegun: false, waiting: [], seen: [], passed: [] };

/** `too_old`: of an earlier turn, or its turn's time is over; `interrupted`: somebody spoke over its turn; `full`: more waited than may. */
export type DropReason = 'too_old' | 'interrupted' | 'repeated' | 'full';
export interface Dropped {
  readonly sentence: Sentence;
  readonly reason: DropReason;
}

interface QueueStep {
  readonly queue: SpeechQueue;
  readonly dropped: readonly Dropped[];
}

const REMEMBERED_TURNS = 50;

const passOver = ({ turnId, passed }: SpeechQueue, because: 'too_old' | 'interrupted'): SpeechQueue['passed'] =>
  turnId === undefined ? passed : [...passed, { turnId, because }].slice(-REMEMBERED_TURNS);

const drop = (sentences: readonly Sentence[], reason: DropReason): Dropped[] =>
  sentences.map((sentence) => ({ sentence, reason }));

/** The newest turn wins: with its first sentence all that waits of older ones is dropped. */
export function enqueue(queue: SpeechQueue, sentence: Sentence, capacity: number): QueueStep {
  const { turnId } = sentence;
  const over = queue.passed.find((turn) => turn.turnId === turnId);
  if (over) return { queue, dropped: drop([sentence], over.because) };
  if (queue.turnId !== turnId) {
    const passed = passOver(queue, 'too_old');
    const fresh = { turnId, hasBegun: false, waiting: [sentence], seen: [sentence.seq], passed };
    return { queue: fresh, dropped: drop(queue.waiting, 'too_old') };
  }
  if (queue.seen.includes(sentence.seq)) return { queue, dropped: drop([sentence], 'repeated') };
  const seen = [...queue.seen, sentence.seq];
  if (queue.waiting.length >= capacity) return { queue: { ...queue, seen }, dropped: drop([sentence], 'full') };
  const waiting = [...queue.waiting, sentence].sort((a, b) => a.seq - b.seq);
  return { queue: { ...queue, seen, waiting }, dropped: [] };
}

/** The turn ends here: what waits of it is dropped, and so is what still comes of it. */
export function abandon(queue: SpeechQueue): QueueStep {
  return {
    queue: { ...EMPTY_QUEUE, passed: passOver(queue, 'interrupted') },
    dropped: drop(queue.waiting, 'interrupted'),
  };
}

/** The sentence to speak now, if there is one. */
export function dequeue(queue: SpeechQueue, now: number): QueueStep & { readonly sentence: Sentence | undefined } {
  const [first, ...rest] = queue.waiting;
  if (first === undefined) return { queue, sentence: undefined, dropped: [] };
  if (!queue.hasBegun && now > first.deadline) {
    return { queue: { ...queue, waiting: [] }, sentence: undefined, dropped: drop(queue.waiting, 'too_old') };
  }
  return { queue: { ...queue, hasBegun: true, waiting: rest }, sentence: first, dropped: [] };
}
