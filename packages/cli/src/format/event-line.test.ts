import assert from 'node:assert/strict';
import { test } from 'node:test';
import { styleText } from 'node:util';
import type { BotEvent } from '../client/bot-events.ts';
import { INCIDENT, MODE } from '../testing/answers.fixture.ts';
import { coloured, plain } from './colours.ts';
import { createEventTeller, eventLine } from './event-line.ts';

const utc = (iso: string) => iso.slice(11, 19);
const at = '2026-11-24T15:01:13.000Z';
const line = (step: Record<string, unknown> & { type: string }, incident = {}) =>
  eventLine({ type: 'incident', incident: { ...INCIDENT, ...incident }, step: { at, ...step } }, plain, utc);

test('each step that is worth a line', () => {
  const told = [
    line({ type: 'opened' }),
    line({ type: 'opened' }, { needsOperator: true, subject: undefined }),
    line({ type: 'reopened' }),
    line({ type: 'reopened', summary: 'Nothing comes to UDP port 6981.' }),
    line({ type: 'joined', code: 'AUDIO_NO_DEVICE', summary: 'No approved audio device works.' }),
    line({ type: 'joined', code: 'AUDIO_NO_DEVICE' }),
    line({ type: 'degraded', by: 'device:desk-mic', verified: true }),
    line({ type: 'degraded', by: 'text_only', verified: false }),
    line({ type: 'escalated', from: 'device_fallback', to: 'degraded', reason: 'no approved device works' }),
    line({ type: 'severity_raised', from: 'WARNING', to: 'ERROR' }),
    line({ type: 'parked', until: '15:16', reason: '6 starts within 120 s' }),
    line({ type: 'resolved', reason: 'the preferred device is back' }),
    line({ type: 'resolved', reason: 'headset-mic is not approved', gone: true }),
  ];
  const id = '  (incident 1f0c9a52)';
  assert.deepEqual(told, [
    `15:01:13  broken     AUDIO_DEVICE_LOST headset-mic: The audio device stopped delivering.${id}`,
    `15:01:13  broken     AUDIO_DEVICE_LOST of audio-gateway: The audio device stopped delivering. -> Plug the device in again.${id}`,
    `15:01:13  broken     AUDIO_DEVICE_LOST headset-mic: it came back${id}`,
    `15:01:13  broken     AUDIO_DEVICE_LOST headset-mic: it came back: Nothing comes to UDP port 6981.${id}`,
    `15:01:13  broken     AUDIO_NO_DEVICE, which joins AUDIO_DEVICE_LOST: No approved audio device works.${id}`,
    `15:01:13  broken     AUDIO_NO_DEVICE, which joins AUDIO_DEVICE_LOST${id}`,
    `15:01:13  holding    AUDIO_DEVICE_LOST headset-mic: goes on by device:desk-mic, verified${id}`,
    `15:01:13  holding    AUDIO_DEVICE_LOST headset-mic: goes on by text_only${id}`,
    `15:01:13  escalated  AUDIO_DEVICE_LOST: from device_fallback to degraded: no approved device works${id}`,
    `15:01:13  worse      AUDIO_DEVICE_LOST: WARNING is now ERROR${id}`,
    `15:01:13  parked     audio-gateway until 15:16: 6 starts within 120 s. Again at once: npx understudy resume audio-gateway${id}`,
    `15:01:13  recovered  AUDIO_DEVICE_LOST headset-mic: verified after 1 min 13 s${id}`,
    `15:01:13  ended      AUDIO_DEVICE_LOST headset-mic: headset-mic is not approved${id}`,
  ]);
});

test('what another service found as well is told once; what comes back is told again', () => {
  const wrong = { fingerprint: 'supervisor/X', summary: 'understudy.yaml:3: wrong' };
  const joined = (fingerprint: string) =>
    line({ type: 'joined', code: 'X', fingerprint, summary: wrong.summary }, wrong) !== undefined;
  assert.deepEqual(['llm-service/X', 'supervisor/X'].map(joined), [false, true]);
});

test('attempts, notices and what a later version may add are no lines', () => {
  const quiet = ['attempt_started', 'attempt_finished', 'decided', 'noticed', 'snapshot', 'toString', 'a-new-step'];
  assert.deepEqual(
    quiet.map((type) => line({ type })),
    quiet.map(() => undefined),
  );
});

test('the mode with every other limit that holds', () => {
  const limits = ['no_avatar', 'no_vision'] as const;
  const event: BotEvent = { type: 'mode', ...MODE, mode: 'no_avatar', limits: [...limits] };
  assert.equal(eventLine(event, plain, utc), '15:00:02  mode       no_avatar, also no_vision');
});

test('colours surround the word and change no other character', () => {
  const painted = eventLine({ type: 'mode', ...MODE, mode: 'full', limits: [] }, coloured, utc) ?? '';
  assert(painted.startsWith(`15:00:02  ${styleText('green', 'mode     ', { validateStream: false })}  full`), painted);
});

test('a mode that is known or told already is not told again', () => {
  const teller = createEventTeller(plain, 'full');
  const modes = [
    { mode: 'full', limits: [] },
    { mode: 'no_vision', limits: ['no_vision'] },
    { mode: 'no_vision', limits: ['no_vision'] },
    { mode: 'full', limits: [] },
  ] satisfies Pick<typeof MODE, 'mode' | 'limits'>[];
  const told = modes.map((mode) => teller.event({ type: 'mode', ...MODE, ...mode }) !== undefined);
  assert.deepEqual(told, [false, true, false, true]);
});

test('an opening that nobody heard is told once, the oldest first; what was told or is over is not', () => {
  const teller = createEventTeller(plain);
  const incident = (id: string, own: object = {}) => ({ ...INCIDENT, id, subject: id, ...own });
  const event = (id: string, type: string) =>
    teller.event({ type: 'incident', incident: incident(id), step: { type, at } });
  assert.ok(event('heard', 'opened'));
  assert.ok(event('ended', 'resolved'));
  const later = incident('later', { openedAt: '2026-11-24T15:00:30.000Z' });
  const told = teller.open([
    later,
    incident('heard'),
    incident('ended'),
    incident('over', { state: 'resolved' }),
    incident('early'),
  ]);
  assert.deepEqual(
    told.map((line) => line.slice(10).replace(/ {2}\(.*/, '')),
    ['early', 'later'].map(
      (subject) => `broken     AUDIO_DEVICE_LOST ${subject}: The audio device stopped delivering.`,
    ),
  );
  assert.equal(event('early', 'opened'), undefined);
  assert.ok(event('early', 'reopened'));
  assert.deepEqual(teller.open([incident('early'), later]), []);
});
