import type { Config } from '@understudy/shared/config';
import { detectLanguage } from './detect-language.ts';

type Persona = Pick<Config['persona'], 'patterns' | 'languages'>;
type Patterns = Persona['patterns'];
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

/**
 * The persona's own lines, each kind in turn, so that two viewers in a row do not hear the same; in the viewer's language where
 * persona.languages has lines for it.
 */
export function createPersonaLines(persona: () => Persona) {
  const said = new Map<string, number>();
  /** @param heard what the viewer said */
  return (kind: LineKind, heard: string): string => {
    const { patterns, languages = {} } = persona();
    const language = Object.keys(languages).length > 0 ? detectLanguage(heard) : undefined;
    const own = language === undefined ? undefined : languages[language]?.[kind];
    const lines = own ?? patterns[kind];
    const key = own === undefined ? kind : `${language}.${kind}`;
    const turn = said.get(key) ?? 0;
    said.set(key, turn + 1);
    const line = lines[turn % lines.length];
    if (line === undefined)
      throw new RangeError(`persona.patterns.${kind} is empty; the configuration's schema asks for a line`);
    return line;
  };
}
export type PersonaLines = ReturnType<typeof createPersonaLines>;
