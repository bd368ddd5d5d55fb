import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainEnd } from './explain-end.ts';

test('a camera that is not there may be out of sight of a container: there the remedy is another', async () => {
  const end = { exit: 'exit code 1', stderr: '/dev/video0: No such file or directory\n' };
  const told = async (hosts: string): Promise<string> => {
    const env = { UNDERSTUDY_HOSTS: hosts };
    return (await explainEnd(end, { kind: 'device', device: '/dev/video0' }, AbortSignal.abort(), env)).problem;
  };
  assert.match(await told(''), /^there is no such camera now; plug it in/);
  assert.match(
    await told('cv-service=cv-service'),
    /^there is no such camera in this container; .*host-env cv-service/,
  );
});
