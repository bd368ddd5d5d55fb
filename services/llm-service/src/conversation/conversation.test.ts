import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeContext } from '@understudy/shared/testing';
import { estimatePrompt } from '../providers/estimate-tokens.ts';
import { createConversation } from './conversation.ts';

const create = () => {
  const { config } = createFakeContext('llm-service', { yaml: 'llm: { memory_turns: 4 }' });
  const conversation = createConversation(config, () => 0);
  for (const text of ['1', '2', '3', '4', '5']) conversation.remember({ userId: `user${text}`, text }, `re ${text}`);
  conversation.see({
    id: '0190a0a0-0000-7000-8000-000000000001',
    kind: 'motion',
    summary: 'It moves.',
    confidence: 1,
    value: 1,
    ageMs: 0,
    observedAt: '2026-01-01T00:00:00.000Z',
  });
  const told = () => conversation.prompt({ text: 'now' }, [], conversation.sights()).map(({ content }) => content);
  return { conversation, told };
};

describe('createConversation', () => {
  it('reminds the model of the last turns and of what is seen', () => {
    const { told } = create();
    assert.equal(told().length, 1 + 8 + 1);
    assert.match(told()[0] ?? '', /It moves \(1 s ago\)/);
  });
  it('sheds the scene and all but two turns, and takes both back', () => {
    const { conversation, told } = create();
    conversation.shed(true);
    assert.equal(told().length, 1 + 4 + 1);
    assert.doesNotMatch(told()[0] ?? '', /It moves/);
    conversation.shed(false);
    assert.equal(told().length, 1 + 8 + 1);
  });
  it('forgets all but the end of a conversation that was too long', () => {
    const { conversation, told } = create();
    conversation.shorten({ text: 'now' });
    assert.deepEqual(told().slice(1), ['user4 says: "4"', 're 4', 'user5 says: "5"', 're 5', 'A viewer says: "now"']);
  });
  it('leaves out the oldest turns until the rest has room, and nothing else', () => {
    const { conversation } = create();
    const told = (room: number) => conversation.prompt({ text: 'now' }, [], [], room).map(({ content }) => content);
    const [system, , ...rest] = told(100_000);
    assert.ok(system);
    const all = estimatePrompt(conversation.prompt({ text: 'now' }, [], []));
    assert.deepEqual(told(all), [system, 'user2 says: "2"', ...rest]);
    assert.equal(told(all - 1).length, 1 + 6 + 1);
    assert.deepEqual(told(1), [system, 'A viewer says: "now"']);
  });
  it('knows who speaks in a session', () => {
    const { conversation } = create();
    assert.deepEqual(conversation.viewers({ userId: 'me', text: 'x' }), ['user2', 'user3', 'user4', 'user5', 'me']);
    assert.deepEqual(conversation.viewers({ sessionId: 'other', text: 'x' }), []);
  });
});
