// Says everything that is no answer before each one that is.
const BABBLE = (id: number): readonly (object | string | number)[] => [
  'seen',
  7,
  {},
  [],
  { type: 'seen' },
  { type: 'seen', id, rssBytes: -1, statistics: { brightness: 0.5 } },
  { type: 'seen', id, rssBytes: 1, statistics: { brightness: 2 } },
  { type: 'seen', id, rssBytes: 1, statistics: { brightness: Number.NaN } },
  { type: 'detected', id, rssBytes: 1, detections: { people: { count: 21, confidence: 1 } } },
  { type: 'detected', id, rssBytes: 1, detections: { gestures: [{ gesture: 'wave', count: 1, confidence: 1 }] } },
  { type: 'bad_frame', id, rssBytes: 1, reason: 'x'.repeat(301) },
  { type: 'seen', id, rssBytes: 1, statistics: { brightness: 0.5 }, more: 1 },
];
process.on('message', ({ id }: { id: number }) => {
  for (const said of BABBLE(id)) process.send?.(said);
  process.send?.({ type: 'seen', id, rssBytes: 1, statistics: { brightness: 0.5 } });
});
process.on('disconnect', () => process.exit(0));
