import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readChatRequest } from './chat-request.ts';

const messages = [{ role: 'user', content: 'Hello' }];

test('a request is read with its defaults', () => {
  assert.deepEqual(readChatRequest({ model: 'm', messages }), {
    model: 'm',
    messages: [{ role: 'user', content: 'Hello' }],
    stream: false,
    includeUsage: false,
    maxTokens: undefined,
  });
});

test('parts count by their texts; names, streaming and limits are read', () => {
  const parts = [
    { type: 'text', text: 'What is' },
    { type: 'image_url', image_url: { url: 'data:' } },
    { type: 'text', text: 'this?' },
  ];
  const body = {
    model: 'm',
    messages: [
      { role: 'assistant', content: null },
      { role: 'user', name: 'Mara', content: parts },
    ],
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 5,
  };
  assert.deepEqual(readChatRequest(body), {
    model: 'm',
    messages: [
      { role: 'assistant', content: '' },
      { role: 'user', name: 'Mara', content: 'What is\n\nthis?' },
    ],
    stream: true,
    includeUsage: true,
    maxTokens: 5,
  });
});

const rows: [body: Record<string, unknown>, param: string, message: string][] = [
  [{ messages }, 'model', "Missing required parameter: 'model'."],
  [{ model: 1, messages }, 'model', "Invalid 'model': expected a string, got number."],
  [{ model: 'm' }, 'messages', "Missing required parameter: 'messages'."],
  [{ model: 'm', messages: [] }, 'messages', "Invalid 'messages': expected an array with at least one message."],
  [{ model: 'm', messages: ['x'] }, 'messages[0]', "Invalid 'messages[0]': expected an object."],
  [
    { model: 'm', messages: [{ role: 'bot', content: 'x' }] },
    'messages[0].role',
    "Invalid 'messages[0].role': 'bot' is not one of system, developer, user, assistant, tool, function.",
  ],
  [
    { model: 'm', messages: [{ role: 'user', content: null }] },
    'messages[0].content',
    "Invalid 'messages[0].content': expected a string or an array of parts.",
  ],
  [{ model: 'm', messages, max_tokens: 0 }, 'max_tokens', "Invalid 'max_tokens': expected an integer of at least 1."],
  [
    { model: 'm', messages, stream_options: {} },
    'stream_options',
    "Invalid 'stream_options': only allowed when 'stream' is enabled.",
  ],
];

for (const [body, param, message] of rows) {
  test(`refused: ${message}`, () => {
    assert.throws(
      () => readChatRequest(body),
      (error: { apiError?: { status: number; body: object } }) => {
        const code = message.startsWith('Missing') ? 'missing_required_parameter' : 'invalid_value';
        assert.deepEqual(error.apiError, {
          status: 400,
          body: { message, type: 'invalid_request_error', param, code },
        });
        return true;
      },
    );
  });
}
