import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseImage, EMPTY_FOLDER, type FolderMemory, type ImageFile, MAX_BACKLOG } from './choose-images.ts';

const file = (name: string, changedAt: number, size = 10): ImageFile => ({ name, changedAt, size });

/** The names chosen at poll after poll of these folders. */
function chosen(polls: readonly (readonly ImageFile[])[]): (string | undefined)[] {
  let memory: FolderMemory = EMPTY_FOLDER;
  return polls.map((present) => {
    const choice = chooseImage(memory, present);
    memory = choice.memory;
    return choice.next?.name;
  });
}

test('images are chosen once each, the oldest first, names deciding a tie', () => {
  const folder = [file('c.jpg', 3), file('b.jpg', 1), file('a.jpg', 1)];
  assert.deepEqual(chosen(Array(6).fill(folder)), [undefined, 'a.jpg', 'b.jpg', 'c.jpg', undefined, undefined]);
});

test('a file that is still being written waits until it rests', () => {
  const polls = [[file('a.jpg', 1, 5)], [file('a.jpg', 2, 9)], [file('a.jpg', 2, 12)], [file('a.jpg', 2, 12)]];
  assert.deepEqual(chosen(polls), [undefined, undefined, undefined, 'a.jpg']);
});

test('a file that is written anew is a new picture', () => {
  const [old, fresh] = [[file('latest.jpg', 1)], [file('latest.jpg', 9)]];
  assert.deepEqual(chosen([old, old, old, fresh, fresh, fresh]), [
    undefined,
    'latest.jpg',
    undefined,
    undefined,
    'latest.jpg',
    undefined,
  ]);
});

test('what rests is finished, the newest last', () => {
  const folder = [file('c.jpg', 3), file('b.jpg', 1)];
  const { memory, finished } = chooseImage(EMPTY_FOLDER, folder);
  assert.deepEqual(finished, []);
  const present = [...folder, file('d.jpg', 4)];
  assert.deepEqual(
    chooseImage(memory, present).finished.map(({ name }) => name),
    ['b.jpg', 'c.jpg'],
  );
});

test('of many only the newest are looked at', () => {
  const folder = Array.from({ length: MAX_BACKLOG + 30 }, (_, index) => file(`${index}.jpg`, index));
  const names = chosen(Array(MAX_BACKLOG + 3).fill(folder));
  const newest = folder.slice(-MAX_BACKLOG).map(({ name }) => name);
  assert.deepEqual(names, [undefined, ...newest, undefined, undefined]);
});

test('what vanished is forgotten, and new when it comes back', () => {
  const folder = [file('a.jpg', 1)];
  assert.deepEqual(chosen([folder, folder, [], folder, folder]), [undefined, 'a.jpg', undefined, undefined, 'a.jpg']);
});
