import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STATUS } from '../testing/answers.fixture.ts';
import { plain } from './colours.ts';
import { statusText } from './status-text.ts';

test('the status: what is wrong and what to do first, then what works, each service, the checks', () => {
  assert.equal(
    statusText(STATUS, plain),
    `DEGRADED, mode no_vision
The headset is gone; the desk microphone stands in.
On air: The bot cannot see for now.

  can    level     by
  hear   degraded  device:desk-mic
  speak  full      device:headset-out
  think  full      provider:primary
  act    full      vrchat
  see    off       feature_off (allowed at most: off, feature_off)

  service        state  address                memory  loop p99  starts
  supervisor     ready  http://127.0.0.1:8700  -       -         1
  audio-gateway  ready  http://127.0.0.1:8701  100 MB  12 ms     2

  audio  DEGRADED  important  hear degraded by device:desk-mic

2 open incidents, 1 for you to mend; message bus connected`,
  );
});

test('with nothing wrong the streamer has no line, and one incident is one', () => {
  const words = { operator: 'All is well.', streamer: '' };
  const lines = statusText({ ...STATUS, words, incidents: { open: 1, needsOperator: 0 } }, plain).split('\n');
  assert.deepEqual([lines[1], lines[2], lines.at(-1)], ['All is well.', '', '1 open incident; message bus connected']);
});
