import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { isAlive } from '../testing/processes.ts';
import { createTinyCheckout, type TinyCheckout } from '../testing/tiny-checkout.ts';
import { until } from '../testing/until.ts';

const MODULE = JSON.stringify(new URL('./run-in-terminal.ts', import.meta.url).href);

/** `npm start` of the tiny checkout, as a process that can be interrupted; ended with the test whatever comes of it. */
function startInProcess({ root }: TinyCheckout, t: TestContext) {
  const script = `
    import { runInTerminal } from ${MODULE};
    try {
      process.exitCode = await runInTerminal({ root: ${JSON.stringify(root)} }, process.stdout);
    } catch (error) {
      console.error(error.message);
      process.exitCode = error.exitCode ?? 99;
    }`;
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  t.after(() => child.kill('SIGTERM'));
  const said: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text) => said.push(text));
  child.stderr.setEncoding('utf8').on('data', (text) => said.push(text));
  // Not `exit`: its last words may still be on their way then.
  const exitCode = once(child, 'close').then(([code]): unknown => code);
  return { child, exitCode, output: () => said.join('') };
}

test('Ctrl-C: told, drained, nothing left, exit 0', { skip: process.platform === 'win32' }, async (t) => {
  const checkout = await createTinyCheckout();
  const { child, exitCode, output } = startInProcess(checkout, t);
  await until('the table is printed', () => output().includes('Ctrl-C stops everything'));
  assert.match(output(), /audio-gateway {2}ready {2}http:\/\/127\.0\.0\.1:\d+\n/);
  assert.match(output(), /Mode: not known yet/);
  const services = checkout.story().length;
  child.kill('SIGINT');
  assert.equal(await exitCode, 0);
  assert.match(output(), /stopping, in reverse order .*\nunderstudy: everything has ended\n$/);
  assert.equal(
    checkout
      .story()
      .slice(services)
      .filter((line) => line.endsWith(' drained')).length,
    5,
  );
  checkout.remove();
});

/** A supervisor that has an incident open since before it could be heard, and then nothing more to tell. */
const SUPERVISOR_WITH_AN_INCIDENT = `
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
const port = JSON.parse(readFileSync('config/understudy.yaml', 'utf8')).http.ports.supervisor;
const at = '2026-11-24T15:00:00.000Z';
const incident = {
  id: '1f0c9a52-0000-4000-8000-000000000001', code: 'OSC_CONNECTION_LOST', category: 'OSC_CONNECTION_ERROR', severity: 'ERROR',
  service: 'osc-bridge', subject: 'vrchat', state: 'degraded', acknowledged: false, regressed: false, needsOperator: false, occurrences: 1,
  summary: 'VRChat is away.', remedy: 'Start it.', openedAt: at, currentSince: at, updatedAt: at, attempts: [],
};
createServer((request, response) => {
  if (request.url.startsWith('/v1/incidents')) return response.end(JSON.stringify({ incidents: [incident] }));
  if (request.url.startsWith('/v1/events')) return response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  response.writeHead(404).end('{}');
}).listen(port, '127.0.0.1', () => process.send({ type: 'ready' }));
process.on('message', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
`;

test('what broke before the console could listen is told', async (t) => {
  const checkout = await createTinyCheckout();
  checkout.replaceService('supervisor', SUPERVISOR_WITH_AN_INCIDENT);
  const { child, exitCode, output } = startInProcess(checkout, t);
  await until('it is told', () => /broken {5}OSC_CONNECTION_LOST vrchat: VRChat is away\./.test(output()));
  assert.match(output(), /Incidents and recoveries follow, a line each:\n\n\d\d:\d\d:\d\d {2}broken/);
  child.kill('SIGINT');
  await exitCode;
  checkout.remove();
});

test('Ctrl-C in the middle of the start ends what was started, exit 0', {
  skip: process.platform === 'win32',
}, async (t) => {
  const checkout = await createTinyCheckout();
  checkout.replaceService(
    'osc-bridge',
    `import { writeFileSync } from 'node:fs';
     process.on('message', () => process.exit(0));
     writeFileSync(process.env.UNDERSTUDY_DATA + '/slow.pid', String(process.pid));
     setInterval(() => {}, 1000);`,
  );
  const { child, exitCode, output } = startInProcess(checkout, t);
  const pid = Number(await until('the slow service is there', () => checkout.read('slow.pid')));
  child.kill('SIGINT');
  assert.equal(await exitCode, 0);
  assert.match(output(), /stopping, in reverse order .*\nThe start was stopped\.\n$/);
  assert.equal(isAlive(pid), false);
  assert.deepEqual(checkout.story(), [
    'supervisor started',
    'llm-service started',
    'llm-service drained',
    'supervisor drained',
  ]);
  checkout.remove();
});

test('a second Ctrl-C ends at once what does not drain', { skip: process.platform === 'win32' }, async (t) => {
  const checkout = await createTinyCheckout();
  checkout.replaceService('audio-gateway', `process.send({ type: 'ready' }); setInterval(() => {}, 1000);`);
  const { child, exitCode, output } = startInProcess(checkout, t);
  await until('the table is printed', () => output().includes('Ctrl-C stops everything'));
  child.kill('SIGINT');
  await until('it is stopping', () => output().includes('stopping, in reverse order'));
  const impatient = setInterval(() => child.kill('SIGINT'), 700);
  assert.equal(await exitCode, 0);
  clearInterval(impatient);
  assert.match(output(), /understudy: ending everything now\n/);
  // Those that would have drained, had the first one been waited for.
  assert.deepEqual(
    checkout.story().filter((line) => line.endsWith(' drained')),
    [],
  );
  checkout.remove();
});
