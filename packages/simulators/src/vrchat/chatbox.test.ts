import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createViolations } from '../record/violations.ts';
import { createChatbox } from './chatbox.ts';
import type { OscValue } from './osc-datagram.ts';

function setUp() {
  let time = 1000;
  const violations = createViolations(() => time);
  const chatbox = createChatbox(() => time, violations);
  return {
    chatbox,
    wait: (ms: number) => {
      time += ms;
    },
    send: (tags: string, ...values: OscValue[]) => chatbox.input({ address: '/chatbox/input', tags, values }),
    say: (text: string) => chatbox.input({ address: '/chatbox/input', tags: 'sTT', values: [text, true, true] }),
    rules: () => violations.list().map(({ rule, detail }) => [rule, detail]),
  };
}

test('messages 1.5 s apart are shown one after another; an empty one clears the box', () => {
  const { chatbox, say, send, wait, rules } = setUp();
  say('Hello');
  wait(1500);
  send('sTF', 'World', true, false);
  assert.equal(chatbox.state().text, 'World');
  wait(2000);
  send('sT', '', true);
  assert.deepEqual(chatbox.state(), {
    text: '',
    typing: false,
    messages: [
      { at: 1000, text: 'Hello', gapMs: undefined, notification: true, shown: true },
      { at: 2500, text: 'World', gapMs: 1500, notification: false, shown: true },
      { at: 4500, text: '', gapMs: 2000, notification: true, shown: true },
    ],
  });
  assert.deepEqual(rules(), []);
});

test('a message that comes too early is dropped and noted', () => {
  const { chatbox, say, wait, rules } = setUp();
  say('first');
  wait(1250);
  say('second');
  assert.equal(chatbox.state().text, 'first');
  assert.equal(chatbox.state().messages[1]?.shown, false);
  assert.deepEqual(rules(), [['chatbox_too_fast', '1250 ms after the last, at least 1500 are needed']]);
});

test('the limit is 144 UTF-16 units: longer texts are cut and noted', () => {
  const { chatbox, say, wait, rules } = setUp();
  say('x'.repeat(144));
  wait(1500);
  say('🎭'.repeat(73));
  assert.equal(chatbox.state().text, '🎭'.repeat(72));
  assert.deepEqual(rules(), [['chatbox_too_long', '146 UTF-16 units, at most 144 are shown']]);
});

test('nine lines are shown, and those that a wide text is wrapped into count: more are noted', () => {
  const { say, wait, rules } = setUp();
  for (const text of ['あ'.repeat(135), `${'あ\n'.repeat(8)}あ`, 'x'.repeat(144)]) {
    say(text);
    wait(1500);
  }
  assert.deepEqual(rules(), []);
  say('あ'.repeat(136));
  wait(1500);
  say(`${'a\n'.repeat(8)}${'漢字'.repeat(8)}`);
  assert.deepEqual(rules(), Array(2).fill(['chatbox_too_many_lines', 'at least 10 lines, 9 are shown']));
});

test('wrong types, half a character and an opened keyboard are noted and not shown', () => {
  const { chatbox, send, wait, rules } = setUp();
  send('sii', 'Hello', 1, 1);
  send('s', 'Hello');
  send('iTT', 1, true, true);
  send('sFT', 'Hello', false, true);
  assert.deepEqual(chatbox.state(), { text: '', typing: false, messages: [] });
  wait(1500);
  send('sTT', 'half \ud83c', true, true);
  assert.deepEqual(rules(), [
    ['chatbox_wrong_types', "/chatbox/input takes ',sTT' (text, send now, notification), ',sii' came"],
    ['chatbox_wrong_types', "/chatbox/input takes ',sTT' (text, send now, notification), ',s' came"],
    ['chatbox_wrong_types', "/chatbox/input takes ',sTT' (text, send now, notification), ',iTT' came"],
    ['chatbox_keyboard_opened', 'the second argument is False: a keyboard opens and nobody sees the text'],
    ['chatbox_broken_text', 'a surrogate pair was cut in two'],
  ]);
});

test('the typing indicator goes on and off with ,T and ,F only', () => {
  const { chatbox, rules } = setUp();
  const typing = (tags: string, value: OscValue): boolean => {
    chatbox.typing({ address: '/chatbox/typing', tags, values: [value] });
    return chatbox.state().typing;
  };
  assert.deepEqual([typing('T', true), typing('i', 0), typing('F', false)], [true, true, false]);
  assert.deepEqual(rules(), [['chatbox_wrong_types', "/chatbox/typing takes ',T' or ',F', ',i' came"]]);
});
