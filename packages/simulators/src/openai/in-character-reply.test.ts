import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ChatMessage } from './chat-request.ts';
import { replyTo } from './in-character-reply.ts';

const user = (content: string, name?: string): ChatMessage => ({ role: 'user', content, ...(name && { name }) });
const system = (content: string): ChatMessage => ({ role: 'system', content });
const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });

const rows: [what: string, messages: ChatMessage[], expected: string][] = [
  [
    'greets by a name that was just said',
    [user("Hi, I'm Mara!")],
    'Hi Mara, welcome in! I was just warming up backstage. What brings you here tonight?',
  ],
  [
    'greets by the name of the message and goes on to the question',
    [
      system('You are Vesper, a stage spirit. You see: a red ball rolling over the floor.'),
      user('Hello! What do you see?', 'Jo'),
    ],
    'Hello Jo, good to see you! I see a red ball rolling over the floor. It is quite a sight from up here.',
  ],
  [
    'knows its own name',
    [system('You are Vesper, a stage spirit.'), user('Who are you?')],
    'My name is Vesper. I live on this stage and I love a good conversation.',
  ],
  [
    'reads a line that a careful bot quotes',
    [user('ゆき says: "test message"', 'viewer_8aaa2d6a')],
    'So message it is. I like how you put that. Tell me more?',
  ],
  [
    'greets by the name of the quoted line',
    [user('Mara says: "Hello, what is your name?"', 'Mara_1')],
    'Hello Mara, good to see you! I am Understudy, the one who steps in when somebody falters. I know all the parts and I wait in the wings.',
  ],
  [
    'remembers a name from earlier',
    [user("I'm Mara"), assistant('Hello Mara'), user("What's my name?")],
    'You are Mara, of course. I never forget a voice.',
  ],
  [
    'does not take a mood for a name',
    [user("I'm tired")],
    'I am sorry to hear that. Sit with me a while, we have time. Do you want to tell me more?',
  ],
  [
    'tells the time when it was told',
    [system('You are Vesper. Local time: 21:40.'), user('What time is it?')],
    'My stage clock says 21:40. Time flies when the company is good.',
  ],
  [
    'admits that it has no watch',
    [user('What time is it?')],
    'I left my watch in the dressing room. It feels like show time, though.',
  ],
  [
    'sees nothing without a scene',
    [user('What do you see?')],
    'The lights are so bright that I see nothing at all just now. Describe it to me?',
  ],
  [
    'takes up the subject of any other question',
    [user('Do dragons collect umbrellas?')],
    'A good question about umbrellas. I would say it depends on who is watching. What do you think?',
  ],
  ['takes a chat line apart', [user('Rin: thank you')], 'You are very welcome. It was a pleasure.'],
  ['says something to nothing', [user('')], 'I am listening. Tell me a little more?'],
];

for (const [what, messages, expected] of rows) {
  test(`a reply ${what}`, () => assert.equal(replyTo(messages), expected));
}

test('every reply is short, of one to four sentences, and the same every time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (said) => {
      const reply = replyTo([user(said)]);
      assert.equal(replyTo([user(said)]), reply);
      const sentences = reply.split(/(?<=[.!?])\s+/);
      assert.ok(sentences.length >= 1 && sentences.length <= 5 && reply.length <= 250, reply);
    }),
  );
});
