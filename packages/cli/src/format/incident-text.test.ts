import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INCIDENT } from '../testing/answers.fixture.ts';
import { plain } from './colours.ts';
import { incidentList, incidentStory } from './incident-text.ts';

const utc = (iso: string) => iso.slice(0, 19).replace('T', ' ');
const { verifiedAt: _verified, degradedBy: _by, subject: _subject, ...bare } = INCIDENT;
const NEEDS_YOU = {
  ...bare,
  id: '9999aaaa-0000-4000-8000-000000000002',
  code: 'LLM_BAD_KEY',
  state: 'open',
  needsOperator: true,
  regressed: true,
};

test('the list says of each incident how it stands', () => {
  assert.equal(
    incidentList([NEEDS_YOU, { ...INCIDENT, degradedBy: 'text_only' }], utc),
    `id        opened               severity  state                           what                           category            service
9999aaaa  2026-11-24 15:00:00  ERROR     open, yours to mend, came back  LLM_BAD_KEY                    AUDIO_DEVICE_ERROR  audio-gateway
1f0c9a52  2026-11-24 15:00:00  ERROR     degraded (text_only)            AUDIO_DEVICE_LOST headset-mic  AUDIO_DEVICE_ERROR  audio-gateway`,
  );
  assert.equal(incidentList([]), 'No incidents.');
});

test('a story says what came when, and how long after the step before', () => {
  const story = [
    { at: '2026-11-24T15:00:00.000Z', text: 'Detected AUDIO_DEVICE_LOST (ERROR)' },
    { at: '2026-11-24T15:00:00.350Z', text: 'Attempt 1 (switch:desk-mic): switch-device at audio-gateway ' },
    { at: '2026-11-24T15:00:01.200Z', text: 'Goes on verified by device:desk-mic' },
  ];
  assert.equal(
    incidentStory({ incident: INCIDENT, story }, plain, utc),
    `AUDIO_DEVICE_LOST headset-mic of audio-gateway: degraded (device:desk-mic)
The audio device stopped delivering.
ERROR, AUDIO_DEVICE_ERROR, reported 1 time, 1 attempt, verified after 1.2 s
What you can do: Plug the device in again.
Incident 1f0c9a52-0000-4000-8000-000000000001

  2026-11-24 15:00:00  +0 ms          Detected AUDIO_DEVICE_LOST (ERROR)
  2026-11-24 15:00:00  +350 ms        Attempt 1 (switch:desk-mic): switch-device at audio-gateway
  2026-11-24 15:00:01  +850 ms        Goes on verified by device:desk-mic`,
  );
});

test('what is resolved asks nothing of you', () => {
  const text = incidentStory(
    { incident: { ...NEEDS_YOU, state: 'resolved', acknowledged: true }, story: [] },
    plain,
    utc,
  );
  assert.match(text, /^LLM_BAD_KEY of audio-gateway: resolved, acknowledged, came back\n/);
  assert.doesNotMatch(text, /What you can do/);
});
