import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REPLY } from '../testing/answers.fixture.ts';
import { plain } from './colours.ts';
import { replyText } from './reply-text.ts';

test('a reply, where it comes from and what failed on the way', () => {
  assert.equal(
    replyText(REPLY, plain),
    `Hey! Good to see you.
  [from pattern, a fallback; mode scripted; trace 4bf92f3577b34da6a3ce929d0e0e4736]
  LLM_TIMEOUT: My thoughts are slow right now; bear with me.  (npx understudy incidents --error 00000000-0000-4000-8000-00000000000b)`,
  );
  const { errors: _none, ...clean } = { ...REPLY, source: 'provider', mode: 'full', fallback_used: false } as const;
  assert.equal(
    replyText(clean, plain),
    'Hey! Good to see you.\n  [from provider; mode full; trace 4bf92f3577b34da6a3ce929d0e0e4736]',
  );
});
