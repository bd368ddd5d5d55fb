import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readApiKey } from './voice-client.ts';

const provider = { name: 'voice', base_url: 'http://127.0.0.1:1/v1', model: 'tts-1' };
const folder = mkdtempSync(join(tmpdir(), 'understudy-key-'));
const keyFile = join(folder, 'key');
writeFileSync(keyFile, 'from-the-file-1234\n');
const emptyFile = join(folder, 'empty');
writeFileSync(emptyFile, '\n');

test('a key comes from its file, else from the environment, and a local server needs none', () => {
  const environment = { SPEECH_KEY: 'from-the-environment-1234' };
  assert.equal(readApiKey('SPEECH', provider, environment), 'none');
  assert.equal(readApiKey('SPEECH', { ...provider, api_key_env: 'SPEECH_KEY' }, environment), environment.SPEECH_KEY);
  const both = { ...provider, api_key_env: 'SPEECH_KEY', api_key_file: keyFile };
  assert.equal(readApiKey('SPEECH', both, environment), 'from-the-file-1234');
});

test('a key that is missing is an account error that says where it should be', () => {
  for (const [settings, place] of [
    [{ api_key_env: 'ABSENT_KEY' }, 'the variable ABSENT_KEY is not set'],
    [{ api_key_file: emptyFile }, `the file ${emptyFile} is empty`],
    [{ api_key_file: join(folder, 'absent') }, `the file ${join(folder, 'absent')} cannot be read`],
  ] as const) {
    assert.throws(() => readApiKey('TRANSCRIPTION', { ...provider, ...settings }, {}), {
      code: 'TRANSCRIPTION_ACCOUNT',
      message: `Provider voice has no key: ${place}; put it there`,
    });
  }
});
