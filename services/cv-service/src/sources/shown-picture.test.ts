import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createShownPicture } from './shown-picture.ts';

/** How often something else is shown in a row of pictures, a letter each; before a space the stream was opened anew. */
function changesIn(pictures: string): number {
  const shown = createShownPicture();
  const names = pictures.split(' ').flatMap((run) => {
    shown.reopened();
    return [...run].map((picture) => shown.nameOf(Buffer.from(picture)));
  });
  return names.filter((name, index) => name !== names[index - 1]).length;
}

test('a picture that moves is always another; one that stands still is the same, though its bytes come in turn', () => {
  assert.deepEqual(
    ['abcdefghijkl', 'aaaaaaaa', 'abcbcbcbcb', 'abcdefghabcdefgh', 'abcdefghiabcdefghi'].map(changesIn),
    [11, 1, 2, 7, 17],
  );
});

test('the first pictures of a stream that was opened anew prove nothing; those after them do', () => {
  assert.deepEqual(['aaaaa bababa', 'aaaaa bcbcbc', 'aaaaa bcdef'].map(changesIn), [1, 1, 4]);
});
