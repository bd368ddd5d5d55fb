import type { ChatMessage } from './chat-request.ts';

/** What a reply is made from. */
export interface ConversationCues {
  /** The newest line of the other side. */
  readonly said: string;
  /** Who the bot is, from its instructions. */
  readonly character: string;
  /** Who speaks to it, if that is known. */
  readonly speaker: string | undefined;
  /** What the bot sees, if its instructions say so. */
  readonly scene: string | undefined;
  /** `HH:MM`, if it was told. */
  readonly clock: string | undefined;
}

const CHARACTER = /\b[Yy]ou are (?:called |named )?(\p{Lu}[\p{L}'-]+)/u;
const INTRODUCTION = /\b(?:my name is|i am|i'm|this is|call me|it's)\s+(\p{Lu}[\p{L}'-]+)/giu;
const CAPITALISED = /^\p{Lu}/u;
/** A chat line such as `Mara: hello`, or a line `speaker: Mara` of the instructions. */
const CHAT_LINE = /^(\p{Lu}[\p{L}\d'-]{1,24}):\s+(.+)$/su;
/** A viewer's line as a careful bot hands it on: `Mara says: "hello"`, `A viewer says: "hello"`. */
const QUOTED_LINE = /^(?:A viewer|(.{1,60}?)) says: "(.*)"$/su;
const SPEAKER =
  /\b(?:speaker|viewer|user(?: ?name)?|talking (?:to|with)|speaking (?:to|with))\s*(?:is|:|=)?\s*(\p{Lu}[\p{L}'-]+)/iu;
const SCENE = /\b(?:you (?:can |now )?see|scene|vision|view|in sight|observation)\b\s*(?:now|is)?\s*[:=]\s*([^\n]+)/iu;
const CLOCK = /\b([01]?\d|2[0-3]):[0-5]\d\b/u;

export function readCues(messages: readonly ChatMessage[]): ConversationCues {
  const instructions = messages
    .filter(({ role }) => role === 'system' || role === 'developer')
    .map(({ content }) => content)
    .join('\n');
  const lines = messages.filter(({ role }) => role === 'user');
  const newest = lines.at(-1);
  const [, quotedName, quoted] = newest?.content.match(QUOTED_LINE) ?? [];
  const [, prefix, withoutPrefix] = newest?.content.match(CHAT_LINE) ?? [];
  return {
    said: (quoted ?? withoutPrefix ?? newest?.content ?? '').trim(),
    character: instructions.match(CHARACTER)?.[1] ?? 'Understudy',
    speaker:
      quotedName ?? newest?.name ?? introducedAs(lines) ?? prefix ?? capitalised(instructions.match(SPEAKER)?.[1]),
    scene: instructions
      .match(SCENE)?.[1]
      ?.trim()
      .replace(/[.\s]+$/u, ''),
    clock: instructions.match(CLOCK)?.[0],
  };
}

/** The newest introduction counts: "I'm Mara" said ten lines ago is still known. */
function introducedAs(lines: readonly ChatMessage[]): string | undefined {
  const names = lines.flatMap(({ content }) =>
    [...content.matchAll(INTRODUCTION)].map(([, name]) => capitalised(name)),
  );
  return names.filter((name) => name !== undefined).at(-1);
}

/** The patterns ignore case for their words, a name needs its capital letter: "I'm tired" is no introduction. */
const capitalised = (name: string | undefined): string | undefined =>
  name && CAPITALISED.test(name) ? name : undefined;
