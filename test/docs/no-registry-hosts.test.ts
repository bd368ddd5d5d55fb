import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { root, trackedFiles } from './tracked-files.ts';

/** Hosts of package registries, put together here so that this file does not name one. */
const REGISTRY_HOSTS = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['registry', 'npmmirror', 'com'],
  ['npm', 'pkg', 'github', 'com'],
  ['npm', 'jsr', 'io'],
  ['pypi', 'org'],
  ['files', 'pythonhosted', 'org'],
  ['static', 'crates', 'io'],
  ['index', 'crates', 'io'],
  ['proxy', 'golang', 'org'],
].map((labels) => labels.join('.'));

/** A lock file that was written behind a mirror names it in each tarball's address. */
const TARBALL_ADDRESS = /https?:\/\/[^\s'"]+\/-\/[^\s'"]+\.tgz/;

/** The lines of `text` that tie it to one registry. */
function registryLines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => TARBALL_ADDRESS.test(line) || REGISTRY_HOSTS.some((host) => line.includes(host)));
}

describe('registries', () => {
  test('a host and a tarball’s address are seen', () => {
    const host = REGISTRY_HOSTS[0];
    const tarball = ['  tarball: https://mirror.example/npm/pino', 'pino-10.4.0.tgz'].join('/-/');
    assert.deepEqual(registryLines(`registry=https://${host}/\nplain\n${tarball}`), [
      `registry=https://${host}/`,
      tarball,
    ]);
  });

  test('no tracked file names one: which to use is each machine’s own setting', () => {
    const found = trackedFiles().flatMap((file) =>
      registryLines(readFileSync(join(root, file), 'utf8')).map((line) => `${file}: ${line.trim()}`),
    );
    assert.deepEqual(found, []);
  });
});
