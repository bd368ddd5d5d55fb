import type { Config } from '@understudy/shared/config';

type Patterns = Config['persona']['patterns'];
export type LineKind = keyof Patterns;
export type Intent = Extract<LineKind, 'greeting' | 'question' | 'farewell' | 'other'>;

const GREETING =
  /^\W*(hi|hello|hey|heya|hiya|yo|howdy|good (morning|afternoon|evening)|greetings|hola|salut|bonjour|hallo|moin|ciao|olá|こんにちは|こんばんは|おはよう|やあ|안녕|你好)(?!\p{L})/iu;
const FAREWELL =
  /\b(bye|goodbye|good night|see (you|ya)|farewell|cya|take care|gotta go|i have to go|tschüss|adieu|adiós)\b|(さようなら|またね|バイバイ|再见)/iu;
const QUESTION =
  /[?？]|^\W*(what|who|why|how|when|where|which|whose|can|could|do|does|did|is|are|will|would|should|tell me)\b/iu;

/** What a viewer wants, as far as it can be told without a model. A greeting with a question is a question. */
export function intentOf(text: string): Intent {
  if (FAREWELL.test(text)) return 'farewell';
  if (QUESTION.test(text)) return 'question';
  return GREETING.test(text) ? 'greeting' : 'other';
}

/** The persona's own lines, each kind in turn, so that two viewers in a row do not hear the same. */
export function createPersonaLines(patterns: () => Patterns) {
  const said = new Map<LineKind, number>();
  return (kind: LineKind): string => {
    const lines = patterns()[kind];
    const turn = said.get(kind) ?? 0;
    said.set(kind, turn + 1);
    const line = lines[turn % lines.length];
    if (line === undefined)
      throw new RangeError(`persona.patterns.${kind} is empty; the configuration's schema asks for a line`);
    return line;
  };
}
export type PersonaLines = ReturnType<typeof createPersonaLines>;
