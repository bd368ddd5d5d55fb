import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { arrange } from './arrange.ts';

it('fills the place under low panels beside a high one', () => {
  const sizes = [
    { w: 6, h: 4 },
    { w: 6, h: 4 },
    { w: 12, h: 8 },
    { w: 12, h: 4 },
    { w: 24, h: 5 },
  ];
  assert.deepEqual(arrange(sizes, 10), {
    places: [
      { x: 0, y: 10, w: 6, h: 4 },
      { x: 6, y: 10, w: 6, h: 4 },
      { x: 12, y: 10, w: 12, h: 8 },
      { x: 0, y: 14, w: 12, h: 4 },
      { x: 0, y: 18, w: 24, h: 5 },
    ],
    bottom: 23,
  });
});

it('lets no two panels lie on each other, and none outside the page', () => {
  const size = fc.record({ w: fc.integer({ min: 1, max: 24 }), h: fc.integer({ min: 1, max: 12 }) });
  fc.assert(
    fc.property(fc.array(size, { maxLength: 20 }), (sizes) => {
      const { places, bottom } = arrange(sizes, 0);
      const taken = new Set<string>();
      for (const { x, y, w, h } of places) {
        assert.ok(x >= 0 && x + w <= 24 && y + h <= bottom);
        for (let column = x; column < x + w; column += 1)
          for (let line = y; line < y + h; line += 1) {
            assert.ok(!taken.has(`${column}/${line}`));
            taken.add(`${column}/${line}`);
          }
      }
    }),
  );
});

it('refuses a panel that is wider than the page', () => {
  assert.throws(() => arrange([{ w: 25, h: 1 }], 0), /25 columns wide/);
});
