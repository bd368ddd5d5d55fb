import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { readAvatarFile, readAvatarJson } from './avatar-file.ts';

const both = (name: string, type: string) => ({
  name,
  input: { address: `/avatar/parameters/${name}`, type },
  output: { address: `/avatar/parameters/${name}`, type },
});
const avatar = (...parameters: unknown[]): string =>
  `\uFEFF${JSON.stringify({ id: 'avtr_1', name: 'Aki', parameters })}`;
const fact = (kind: 'bool' | 'int' | 'float', writable = true) => ({ kind, writable, value: undefined });

test('what VRChat writes is read, byte order mark and all; what is not understood is left out', () => {
  const text = avatar(
    both('Hat', 'Bool'),
    both('Emotion', 'Int'),
    both('v2/SmileFrown', 'Float'),
    { name: 'VelocityX', output: { address: '/avatar/parameters/VelocityX', type: 'Float' } },
    both('Odd', 'constructor'),
    { name: 'Elsewhere', input: { address: '/input/Jump', type: 'Int' } },
    null,
  );
  assert.deepEqual(
    readAvatarJson(text),
    new Map([
      ['Hat', fact('bool')],
      ['Emotion', fact('int')],
      ['v2/SmileFrown', fact('float')],
      ['VelocityX', fact('float', false)],
    ]),
  );
});

test('property: whatever stands in the file, reading it never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readAvatarJson(text)),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (parameters) => void readAvatarJson(avatar(...parameters))),
    { numRuns: 500 },
  );
});

test('of several accounts the newest file that can be read counts; an id is no path', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-osc-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const put = (user: string, file: string, text: string, time: number): void => {
    mkdirSync(join(folder, user, 'Avatars'), { recursive: true });
    writeFileSync(join(folder, user, 'Avatars', file), text);
    utimesSync(join(folder, user, 'Avatars', file), time, time);
  };
  put('usr_old', 'avtr_1.json', avatar(both('Old', 'Bool')), 1000);
  put('usr_new', 'avtr_1.json', avatar(both('New', 'Bool')), 2000);
  put('usr_broken', 'avtr_1.json', '{"id": "avtr_1", "param', 3000);
  put('usr_huge', 'avtr_1.json', avatar(both('n'.repeat(3_000_000), 'Bool')), 4000);
  mkdirSync(join(folder, 'usr_folder', 'Avatars', 'avtr_1.json'), { recursive: true });
  writeFileSync(join(folder, 'secret.json'), avatar(both('Secret', 'Bool')));
  assert.deepEqual(await readAvatarFile(folder, 'avtr_1'), new Map([['New', fact('bool')]]));
  for (const id of ['avtr_2', '../../secret', '', 'a'.repeat(65)])
    assert.equal(await readAvatarFile(folder, id), undefined);
  assert.equal(await readAvatarFile(join(folder, 'nowhere'), 'avtr_1'), undefined);
});
