import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { headingAnchors, linkTargets } from './markdown-links.ts';
import { root, trackedFiles } from './tracked-files.ts';

const OUTSIDE = /^([a-z][a-z+.-]*:|\/\/)/i;

/** What is wrong with the links of one Markdown file; nothing when all lead somewhere. */
function deadLinks(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return linkTargets(text)
    .filter((target) => !OUTSIDE.test(target))
    .filter((target) => {
      const [path = '', anchor] = decodeURI(target).split('#');
      // GitHub reads a leading slash as the repository's root.
      const destination = path === '' ? join(root, file) : join(root, path.startsWith('/') ? '' : dirname(file), path);
      if (!existsSync(destination)) return true;
      if (anchor === undefined || !destination.endsWith('.md')) return false;
      return !headingAnchors(readFileSync(destination, 'utf8')).includes(anchor);
    })
    .map((target) => `${file} -> ${target}`);
}

describe('links in Markdown', () => {
  test('are found inline and by reference, not in code', () => {
    const markdown = [
      'See [a](a.md), ![picture](img/b.png "title") and [c][ref], not `[d](d.md)`.',
      '```md',
      '[e](e.md)',
      '```',
      '[ref]: ./c.md#part-one',
    ].join('\n');
    assert.deepEqual(linkTargets(markdown), ['a.md', 'img/b.png', './c.md#part-one']);
  });

  test('lead to headings by GitHub’s anchors', () => {
    const markdown = '# One `Two`: three!\n## Same\n## Same\n```sh\n# not a heading\n```\n### See [this](x.md)\n';
    assert.deepEqual(headingAnchors(markdown), ['one-two-three', 'same', 'same-1', 'see-this']);
  });

  test('each relative one leads to a file of this repository, and to a heading that is there', () => {
    const dead = trackedFiles()
      .filter((file) => file.endsWith('.md'))
      .flatMap(deadLinks);
    assert.deepEqual(dead, []);
  });
});
