import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOTICE } from '../testing/answers.fixture.ts';
import { noticeList } from './notice-text.ts';

const noTime = () => 'then';

test('each notice: its facts in columns, then its words', () => {
  const resolved = {
    ...NOTICE,
    kind: 'resolved' as const,
    policy: 'critical_errors',
    channels: ['console' as const, 'log_file' as const],
    text: 'It is over.',
  };
  assert.equal(
    noticeList([resolved, NOTICE], noTime),
    [
      'then  ERROR  resolved  critical_errors  by alertmanager on console, log_file',
      '  It is over.',
      'then  ERROR  firing    -                by alertmanager on console',
      `  ${NOTICE.text}`,
    ].join('\n'),
  );
});

test('nothing was told', () => assert.equal(noticeList([]), 'No notices.'));
