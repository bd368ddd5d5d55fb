const THINK_OPEN = '<think>';
const THINK_CLOSE = '</think>';

/** Marks of Markdown, control and format characters: read aloud as nonsense, or they turn lines round. Joiners make emoji and scripts. */
const UNSPOKEN = /[*`]|(?![\n\u200C\u200D])[\p{Cc}\p{Cf}]/gu;

const speakable = (text: string): string => text.replace(UNSPOKEN, '');

type State =
  | { readonly type: 'start'; readonly held: string }
  | { readonly type: 'thinking'; readonly held: string }
  | { readonly type: 'speaking' };

/** Makes a model's stream fit to be said: without its silent thoughts (`<think>`, as local reasoning models send) and marks. */
export function createSpokenText() {
  let state: State = { type: 'start', held: '' };

  const push = (text: string): string => {
    if (state.type === 'speaking') return speakable(text);
    if (state.type === 'thinking') {
      const held: string = state.held + text;
      const close = held.indexOf(THINK_CLOSE);
      if (close < 0) {
        state = { type: 'thinking', held: held.slice(-THINK_CLOSE.length) };
        return '';
      }
      state = { type: 'speaking' };
      return speakable(held.slice(close + THINK_CLOSE.length));
    }
    const held: string = (state.held + text).trimStart();
    if (held.startsWith(THINK_OPEN)) {
      state = { type: 'thinking', held: '' };
      return push(held.slice(THINK_OPEN.length));
    }
    if (THINK_OPEN.startsWith(held)) {
      state = { type: 'start', held };
      return '';
    }
    state = { type: 'speaking' };
    return speakable(held);
  };

  return {
    push,
    /** What was held back in case a thought began. */
    end: (): string => (state.type === 'start' ? speakable(state.held) : ''),
  };
}
