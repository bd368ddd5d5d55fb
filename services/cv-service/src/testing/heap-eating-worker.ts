// Looks well once, then fills its heap within one look.
let looks = 0;
process.on('message', ({ id }: { id: number }) => {
  looks += 1;
  const kept: object[] = [];
  while (looks > 1) kept.push(Array.from({ length: 1000 }, (_, index) => ({ index })));
  process.send?.({ type: 'seen', id, rssBytes: 1, statistics: { brightness: 0.5 } });
});
process.on('disconnect', () => process.exit(0));
