import { cleanText } from './clean-text.ts';
import { fitsPage, type PageLimits, splitPages } from './split-pages.ts';

export interface ChatboxLimits extends PageLimits {
  /** Pause between two messages; VRChat mutes a faster sender. */
  readonly minIntervalMs: number;
  /** How long a part stays before the next replaces it. */
  readonly replaceAfterMs: number;
}

export interface Sentence {
  readonly turnId: string;
  readonly text: string;
}

/** Pure pacing of the chatbox. Times are steady milliseconds. */
export interface ChatboxQueue {
  readonly turnId: string | undefined;
  /** Turns that a newer one replaced, newest last; their late sentences are not shown. */
  readonly replacedTurns: readonly string[];
  /** What the box shows of this turn; empty: nothing yet. */
  readonly shown: string;
  readonly shownAt: number;
  readonly sentAt: number | undefined;
  /** Parts to show, oldest first, each fits a page. */
  readonly waiting: readonly string[];
}

export type PushResult = 'queued' | 'empty' | 'replaced' | 'full';

/** About two minutes of reading at the default pace. */
export const MAX_WAITING = 32;
const REMEMBERED_TURNS = 16;

export const EMPTY_CHATBOX: ChatboxQueue = {
  turnId: undefined,
  replacedTurns: [],
  shown: '',
  shownAt: 0,
  sentAt: undefined,
  waiting: [],
};

function beginTurn(queue: ChatboxQueue, turnId: string): ChatboxQueue {
  if (queue.turnId === turnId) return queue;
  const replaced = queue.turnId === undefined ? [] : [queue.turnId];
  const replacedTurns = [...queue.replacedTurns, ...replaced].slice(-REMEMBERED_TURNS);
  return { ...queue, turnId, replacedTurns, shown: '', waiting: [] };
}

/**
 * Takes one sentence; the newest turn wins, and what waited of an older one is dropped.
 * @returns `dropped`: parts that will never be shown
 */
export function pushSentence(
  queue: ChatboxQueue,
  sentence: Sentence,
  limits: ChatboxLimits,
): { queue: ChatboxQueue; result: PushResult; dropped: number } {
  if (queue.replacedTurns.includes(sentence.turnId)) return { queue, result: 'replaced', dropped: 0 };
  const begun = beginTurn(queue, sentence.turnId);
  const outdated = begun === queue ? 0 : queue.waiting.length;
  const parts = splitPages(cleanText(sentence.text), limits);
  if (parts.length === 0) return { queue: begun, result: 'empty', dropped: outdated };
  const room = MAX_WAITING - begun.waiting.length;
  const taken = parts.slice(0, room);
  return {
    queue: { ...begun, waiting: [...begun.waiting, ...taken] },
    result: taken.length > 0 ? 'queued' : 'full',
    dropped: outdated + parts.length - taken.length,
  };
}

/** Whole parts that fit behind `start` on one page. */
function takeFitting(
  start: string,
  waiting: readonly string[],
  limits: ChatboxLimits,
): { page: string; taken: number } {
  let page = start;
  let taken = 0;
  for (const part of waiting) {
    const longer = page ? `${page} ${part}` : part;
    if (!fitsPage(longer, limits)) break;
    page = longer;
    taken += 1;
  }
  return { page, taken };
}

/** The message that is due now, if one is: the shown page grows while it has room, else the next page replaces it. */
export function nextMessage(
  queue: ChatboxQueue,
  now: number,
  limits: ChatboxLimits,
): { queue: ChatboxQueue; message: string | undefined } {
  const nothing = { queue, message: undefined };
  if (queue.waiting.length === 0) return nothing;
  if (queue.sentAt !== undefined && now - queue.sentAt < limits.minIntervalMs) return nothing;
  const grown = takeFitting(queue.shown, queue.waiting, limits);
  const grows = grown.taken > 0;
  if (!grows && queue.shown && now - queue.shownAt < limits.replaceAfterMs) return nothing;
  const { page, taken } = grows ? grown : takeFitting('', queue.waiting, limits);
  // The limits may have become smaller since the part was cut: it is cut again, never sent too long.
  const [first, ...rest] = taken > 0 ? [page] : splitPages(queue.waiting[0] ?? '', limits);
  const waiting = [...rest, ...queue.waiting.slice(Math.max(taken, 1))];
  return { queue: { ...queue, shown: first ?? '', shownAt: now, sentAt: now, waiting }, message: first };
}

/** The page could not be sent: it waits again, unless another has been shown or a newer turn has begun. */
export const takeBack = (queue: ChatboxQueue, page: string): ChatboxQueue =>
  queue.shown === page ? { ...queue, shown: '', waiting: [page, ...queue.waiting] } : queue;

/** Forgets what waits; the pace is kept, since VRChat remembers when it last heard us. */
export const clearChatbox = (queue: ChatboxQueue): ChatboxQueue => ({ ...queue, shown: '', waiting: [] });
