import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { explainOutage, findServerPlace, NO_SESSION_MANAGER } from './explain-outage.ts';
import { findOwnSound } from './own-sound.ts';
import { createEventReader } from './read-events.ts';
import { readInventory } from './read-inventory.ts';
import { createNoteReader } from './read-stream-notes.ts';

const EVENTS =
  '{"index":2,"event":"remove","on":"source"}{"index":4294967295,"event":"change","on":"server"}\n{"index":5,"event":"new","on":"sink"}';

test('events are read however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(EVENTS.length), { maxLength: 12 }), (places) => {
      const cuts = [0, ...places.sort((a, b) => a - b), EVENTS.length];
      const read = createEventReader();
      const events = cuts.slice(1).flatMap((end, index) => read(EVENTS.slice(cuts[index], end)));
      assert.deepEqual(events, [
        { event: 'remove', on: 'source' },
        { event: 'change', on: 'server' },
        { event: 'new', on: 'sink' },
      ]);
    }),
  );
});

test('rubbish from a child is skipped: events, notes, inventories', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 10 }), (chunks) => {
      const [events, notes] = [createEventReader(), createNoteReader()];
      for (const chunk of chunks) {
        events(chunk);
        notes(chunk);
        readInventory(chunk);
        readInventory(`{"sources":[${chunk}],"sinks":[]}`);
      }
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(
      fc.json(),
      (json) => void readInventory(`{"sources":[${json}],"sinks":[${json}],"sink_inputs":${json}}`),
    ),
  );
  assert.deepEqual(createEventReader()('{"event":5,"on":"sink"}{nonsense}{}'), []);
});

test('what parec and pacat say is understood', () => {
  const read = createNoteReader();
  const said =
    'Connected to device mic (index: 1, suspended: no).\nTime: 0.040 sec; Latency: 525 usec.        \rStream started.\u001b[K\n' +
    'Stream moved to device a b.monitor (0, not suspended).\u001b[K \nPlayback stream drained.\u001b[K\nStream error: No such entity\n';
  assert.deepEqual(read(said), [
    { type: 'connected', device: 'mic' },
    { type: 'time', seconds: 0.04 },
    { type: 'started' },
    { type: 'moved', device: 'a b.monitor' },
    { type: 'drained' },
    { type: 'failed', said: 'Stream error: No such entity' },
  ]);
});

const inventory = readInventory(
  JSON.stringify({
    sinks: [
      { index: 0, name: 'feed', owner_module: '1', monitor_source: 'feed.monitor', properties: {} },
      { index: 1, name: 'speaker', owner_module: '3', monitor_source: 'speaker.monitor', properties: {} },
      {
        index: 2,
        name: 'remapped',
        owner_module: 5,
        monitor_source: 'remapped.monitor',
        properties: { 'device.master_device': 'feed' },
      },
    ],
    sources: [
      { index: 0, name: 'feed.monitor', owner_module: '1', properties: {} },
      { index: 1, name: 'mic', owner_module: '2', properties: { 'device.master_device': 'feed.monitor' } },
      { index: 2, name: 'speaker.monitor', owner_module: '3', properties: {} },
      { index: 3, name: 'remapped.monitor', owner_module: '5', properties: {} },
      { index: 4, name: 'usb', owner_module: 'n/a', properties: {} },
      // A card's module has made both its speaker and its microphone.
      { index: 5, name: 'card_mic', owner_module: '3', properties: {} },
    ],
    sink_inputs: [
      { owner_module: '4', sink: 0 },
      { owner_module: 'n/a', sink: 1 },
      // One program plays into the microphone's feed, another records the speaker.
      { owner_module: '0', client: '7', sink: 0 },
    ],
    source_outputs: [
      { owner_module: '2', client: null, source: 0 },
      { owner_module: '0', client: '8', source: 2 },
    ],
  }),
);

test('own sound is followed through monitors, remapped devices and loopbacks', () => {
  assert.ok(inventory);
  const own = (...sinks: string[]) => Object.fromEntries(findOwnSound(sinks, inventory));
  assert.deepEqual(own('nothing'), {});
  assert.deepEqual(own('speaker'), { 'speaker.monitor': 'speaker -> speaker.monitor' });
  assert.deepEqual(own('remapped'), {
    'feed.monitor': 'remapped -> feed -> feed.monitor',
    mic: 'remapped -> feed -> feed.monitor -> mic',
    'remapped.monitor': 'remapped -> remapped.monitor',
  });
  const looped = { ...inventory, taken: [...inventory.taken, { link: '4', device: 2 }] };
  assert.equal(
    findOwnSound(['speaker'], looped).get('mic'),
    'speaker -> speaker.monitor -> feed -> feed.monitor -> mic',
  );
  assert.equal(findOwnSound(['speaker'], looped).has('usb'), false);
});

const place = (env: Record<string, string>, exists = true, configured?: string) =>
  findServerPlace(configured, env, 1000, () => exists);
for (const [what, failure, where, message] of [
  ['no program', { type: 'missing' }, place({}), /apt install pulseaudio-utils/],
  [
    'a hung server',
    { type: 'timeout', afterMs: 2000 },
    place({}),
    /did not answer within 2000 ms: it hangs; restart it$/,
  ],
  [
    'no socket',
    { type: 'failed', said: 'Connection failure: Connection refused' },
    place({ XDG_RUNTIME_DIR: '/run/user/7' }, false),
    /at \/run\/user\/7\/pulse\/native is not there: the socket \/run\/user\/7\/pulse\/native does not exist/,
  ],
  [
    'nobody at the socket',
    { type: 'failed', said: 'Connection failure: Connection refused' },
    place({}, true, 'unix:/a/native'),
    /at unix:\/a\/native refuses the connection: nobody listens there; start it$/,
  ],
  [
    'no right',
    { type: 'failed', said: 'Connection failure: Access denied' },
    place({ PULSE_COOKIE: '/c' }, true, 'tcp:host:4713'),
    /refuses user 1000, and the cookie \/c is not the server's; run as/,
  ],
  [
    'no cookie',
    { type: 'failed', said: 'Connection failure: Access denied' },
    place({}, true, 'unix:/a/native'),
    /refuses user 1000, and PULSE_COOKIE is not set; run as/,
  ],
  [
    'an end',
    { type: 'failed', said: 'Connection failure: Connection terminated' },
    place({}, true, 'unix:/a/native'),
    /ended; start it again$/,
  ],
  [
    'PipeWire without its session manager',
    NO_SESSION_MANAGER,
    place({}, true, 'unix:/a/native'),
    /at unix:\/a\/native is PipeWire without its session manager, so that nothing is connected: start wireplumber$/,
  ],
  ['an old pactl', { type: 'failed', said: "pactl: invalid option -- 'f'" }, place({}), /older than 16/],
] as const) {
  test(`${what} is explained with its remedy`, () => assert.match(explainOutage(failure, where), message));
}
