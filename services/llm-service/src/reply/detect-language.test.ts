import assert from 'node:assert/strict';
import { it } from 'node:test';
import { detectLanguage } from './detect-language.ts';

const CASES = [
  ['hello, how are you?', 'en'],
  ['Hallo, wie geht es dir?', 'de'],
  ['Salut, comment tu vas ?', 'fr'],
  ['¡Hola! ¿Cómo estás?', 'es'],
  ['Ciao, come stai?', 'it'],
  ['Olá, você está bem?', 'pt'],
  ['Hoe gaat het met jou?', 'nl'],
  ['Cześć, jak się masz?', 'pl'],
  ['元気ですか', 'ja'],
  ['안녕하세요', 'ko'],
  ['你好吗', 'zh'],
  ['Привет, как дела?', 'ru'],
  // "die" is no word of ours, "tu" is of two languages: a guess would be one.
  ['tu', undefined],
  ['VRChat 2026 !!', undefined],
  ['', undefined],
] as const;
for (const [text, language] of CASES)
  it(`${JSON.stringify(text)} is ${language}`, () => assert.equal(detectLanguage(text), language));
