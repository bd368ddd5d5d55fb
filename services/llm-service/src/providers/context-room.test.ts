import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createContextRoom } from './context-room.ts';

describe('createContextRoom', () => {
  it('knows nothing until it is told', () => assert.equal(createContextRoom(200).tokens(), undefined));
  it('leaves room for the answer', () => {
    const room = createContextRoom(200);
    room.learn(9000, 4096);
    assert.equal(room.tokens(), 4096 - 200 - 16);
  });
  it('takes a prompt that we held for short enough as a sign that tokens are shorter than we think', () => {
    const room = createContextRoom(12);
    room.learn(250, 512);
    const tokens = room.tokens() ?? 0;
    assert.ok(tokens < 250 && tokens > 200, `${tokens}`);
  });
  it('goes down where the server does not say how far', () => {
    const room = createContextRoom(100);
    const seen = [1000, 700, 500].map((estimated) => {
      room.learn(estimated, undefined);
      return room.tokens() ?? 0;
    });
    assert.deepEqual(
      seen.toSorted((a, b) => b - a),
      seen,
    );
    assert.ok(
      seen.every((tokens, index) => tokens < ([1000, 700, 500][index] ?? 0)),
      `${seen}`,
    );
  });
  it('follows what the server counts', () => {
    const room = createContextRoom(0);
    room.learn(5000, 1016);
    for (let call = 0; call < 30; call += 1) room.compare(100, 400);
    assert.equal(room.tokens(), 250);
  });
  it('finds by the count that a prompt was cut without a word, once, and keeps the next ones shorter', () => {
    const room = createContextRoom(200);
    room.knowSilent(2048);
    assert.equal(room.compare(1000, 900), undefined);
    assert.deepEqual(room.compare(3000, 2048), { sent: 2910, takes: 2048 });
    const tokens = room.tokens() ?? 0;
    assert.ok(tokens > 1700 && tokens < 2048, `${tokens}`);
    assert.equal(room.compare(3000, 2048), undefined);
    assert.equal(room.tookWhole(), false);
  });
  it('knows of no prompt that it was taken whole while the server may have cut it', () => {
    const room = createContextRoom(200);
    room.compare(1000, 900);
    assert.equal(room.tookWhole(), undefined);
    room.knowSilent(2048);
    room.compare(1000, 900);
    assert.equal(room.tookWhole(), true);
  });
  it('holds no prompt for cut that the server may have taken whole', () => {
    const room = createContextRoom(200);
    room.compare(3000, 1500);
    room.knowSilent(2048);
    assert.equal(room.compare(2000, 1900), undefined, 'it fits');
    assert.equal(room.compare(3000, 2100), undefined, 'more was counted than the server is said to take');
    const fresh = createContextRoom(200);
    fresh.knowSilent(2048);
    assert.equal(fresh.compare(3000, 1600), undefined, 'our estimate may be that high');
    assert.equal(fresh.tokens(), undefined);
  });
});
