import { bool, message, type OscMessage, text } from '../osc/osc-message.ts';
import type { SteadyNow } from '../steady-time.ts';
import {
  type ChatboxLimits,
  type ChatboxQueue,
  clearChatbox,
  EMPTY_CHATBOX,
  nextMessage,
  type PushResult,
  pushSentence,
  takeBack,
} from './chatbox-queue.ts';
import { nextTyping, TYPING_UNKNOWN, typingAfterSentence } from './typing.ts';

export interface ChatboxSettings extends ChatboxLimits {
  readonly notificationSound: boolean;
}

export interface ChatboxParts {
  readonly now: SteadyNow;
  readonly settings: () => ChatboxSettings;
  readonly send: (message: OscMessage) => Promise<boolean>;
  readonly count: (result: 'sent' | 'failed' | 'dropped', by?: number) => void;
}

/** The chatbox and its typing bubble. */
export interface Chatbox {
  take(sentence: { readonly turnId: string; readonly text: string; readonly final: boolean }): PushResult;
  /** Sends what is due; only called while VRChat can be reached. */
  beat(): void;
  /** Drops what waits and puts the bubble out at the next beat. */
  clear(): void;
  /** VRChat may show a bubble that nobody here remembers. */
  forgetTyping(): void;
  isIdle(): boolean;
  /** Puts the bubble out now. */
  finish(): Promise<void>;
}

const typingMessage = (on: boolean): OscMessage => message('/chatbox/typing', bool(on));

/** `,sTT`: the text, sent at once instead of opening the keyboard, with or without its sound. */
const inputMessage = (page: string, notificationSound: boolean): OscMessage =>
  message('/chatbox/input', text(page), bool(true), bool(notificationSound));

export function createChatbox({ now, settings, send, count }: ChatboxParts): Chatbox {
  // An earlier process may have sent just before it ended, and VRChat remembers that.
  let queue: ChatboxQueue = { ...EMPTY_CHATBOX, sentAt: now() };
  let typing = TYPING_UNKNOWN;

  const drop = (parts: number): void => {
    if (parts > 0) count('dropped', parts);
  };
  const show = async (page: string): Promise<void> => {
    const isSent = await send(inputMessage(page, settings().notificationSound));
    count(isSent ? 'sent' : 'failed');
    if (!isSent) queue = takeBack(queue, page);
  };
  const tellTyping = async (on: boolean): Promise<void> => {
    if (!(await send(typingMessage(on)))) typing = { ...typing, lit: 'unknown' };
  };

  return {
    take(sentence) {
      const pushed = pushSentence(queue, sentence, settings());
      queue = pushed.queue;
      drop(pushed.dropped);
      // A late sentence of a replaced turn says nothing about the present one.
      if (pushed.result !== 'replaced') typing = typingAfterSentence(typing, sentence.final, now());
      return pushed.result;
    },
    beat() {
      const bubble = nextTyping(typing, now());
      typing = bubble.typing;
      if (bubble.send !== undefined) void tellTyping(bubble.send);
      const next = nextMessage(queue, now(), settings());
      queue = next.queue;
      if (next.message !== undefined) void show(next.message);
    },
    clear() {
      drop(queue.waiting.length);
      queue = clearChatbox(queue);
      typing = { ...typing, until: 0 };
    },
    forgetTyping() {
      typing = TYPING_UNKNOWN;
    },
    isIdle: () => queue.waiting.length === 0 && now() >= typing.until,
    async finish() {
      typing = { lit: false, until: 0 };
      await send(typingMessage(false));
    },
  };
}
