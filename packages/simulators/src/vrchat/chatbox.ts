import { createBoundedLog } from '../record/bounded-log.ts';
import type { Violations } from '../record/violations.ts';
import type { OscMessage } from './osc-datagram.ts';

/** UTF-16 code units that the box shows. Source: docs.vrchat.com, osc-as-input-controller. */
export const CHATBOX_MAX_LENGTH = 144;
/** New lines and word wrap together. Source: the same. */
const CHATBOX_MAX_LINES = 9;
/** Measured by others (misyaguziya/VRCT#20). */
const JAPANESE_A_LINE = 15;
const JAPANESE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
/** VRChat publishes no number; clients in use wait 1.25 to 2.2 s, 1.5 s is what the careful ones take. */
export const CHATBOX_MIN_GAP_MS = 1500;
/** A datagram may wait in the receiver: a gap that looks this much shorter was not the sender's. */
const ARRIVAL_TOLERANCE_MS = 200;
const KEPT_MESSAGES = 200;

export interface ChatboxMessage {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
  /** Since the message before. */
  readonly gapMs: number | undefined;
  readonly notification: boolean;
  /** What viewers see: false when VRChat dropped it for coming too early. An empty text clears the box. */
  readonly shown: boolean;
}

export interface ChatboxState {
  /** What hangs over the avatar's head now. */
  readonly text: string;
  readonly typing: boolean;
  readonly messages: readonly ChatboxMessage[];
}

export interface Chatbox {
  input(message: OscMessage): void;
  typing(message: OscMessage): void;
  state(): ChatboxState;
}

/** Lines that the text takes at the least: all but Japanese counts as having no width. */
const linesAtLeast = (text: string): number =>
  text
    .split('\n')
    .map((line) => Math.max(1, Math.ceil((line.match(JAPANESE)?.length ?? 0) / JAPANESE_A_LINE)))
    .reduce((sum, lines) => sum + lines);

/** `/chatbox/input` and `/chatbox/typing`, with VRChat's limits. */
export function createChatbox(now: () => number, violations: Violations): Chatbox {
  const messages = createBoundedLog<ChatboxMessage>(KEPT_MESSAGES);
  let shownText = '';
  let isTyping = false;
  let lastAt: number | undefined;

  const show = (text: string, notification: boolean): void => {
    const at = now();
    const gapMs = lastAt === undefined ? undefined : at - lastAt;
    lastAt = at;
    const shown = gapMs === undefined || gapMs >= CHATBOX_MIN_GAP_MS - ARRIVAL_TOLERANCE_MS;
    if (!shown)
      violations.add(
        'chatbox_too_fast',
        `${Math.round(gapMs)} ms after the last, at least ${CHATBOX_MIN_GAP_MS} are needed`,
      );
    if (text.length > CHATBOX_MAX_LENGTH) {
      violations.add('chatbox_too_long', `${text.length} UTF-16 units, at most ${CHATBOX_MAX_LENGTH} are shown`);
    }
    const lines = linesAtLeast(text);
    if (lines > CHATBOX_MAX_LINES) {
      violations.add('chatbox_too_many_lines', `at least ${lines} lines, ${CHATBOX_MAX_LINES} are shown`);
    }
    if (shown) shownText = text.slice(0, CHATBOX_MAX_LENGTH);
    messages.push({ at, text, gapMs, notification, shown });
  };

  return {
    input({ tags, values }) {
      const [text, sendNow, notification = true] = values;
      if (!/^s[TF][TF]?$/.test(tags) || typeof text !== 'string') {
        violations.add(
          'chatbox_wrong_types',
          `/chatbox/input takes ',sTT' (text, send now, notification), ',${tags}' came`,
        );
        return;
      }
      if (!text.isWellFormed()) violations.add('chatbox_broken_text', 'a surrogate pair was cut in two');
      if (sendNow !== true) {
        violations.add(
          'chatbox_keyboard_opened',
          'the second argument is False: a keyboard opens and nobody sees the text',
        );
        return;
      }
      show(text, notification === true);
    },
    typing({ tags, values }) {
      if (tags !== 'T' && tags !== 'F') {
        violations.add('chatbox_wrong_types', `/chatbox/typing takes ',T' or ',F', ',${tags}' came`);
        return;
      }
      isTyping = values[0] === true;
    },
    state: () => ({ text: shownText, typing: isTyping, messages: messages.entries() }),
  };
}
