// Answers every look and keeps 20 MB of each: a leak as a library would have it.
const kept: Buffer[] = [];
process.on('message', ({ id }: { id: number }) => {
  kept.push(Buffer.alloc(20_000_000, 1));
  process.send?.({ type: 'seen', id, rssBytes: process.memoryUsage.rss(), statistics: { brightness: 0.5 } });
});
process.on('disconnect', () => process.exit(0));
