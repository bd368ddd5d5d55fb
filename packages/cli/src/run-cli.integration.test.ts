import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { freePorts } from '@understudy/shared/testing';
import { runCli } from './run-cli.ts';
import { runRecordFile } from './run-record.ts';
import { type AnsweringServer, startAnsweringServer } from './testing/answering-server.ts';
import { INCIDENT, MODE, NOTICE, NOTIFY_TEST, REPLY, STATUS } from './testing/answers.fixture.ts';

const STORY = { incident: INCIDENT, story: [{ at: INCIDENT.openedAt, type: 'opened', text: 'Detected it' }] };
const OK = { ok: true, detail: 'done' };
const event = (name: string, data: unknown) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
const RESOLVED = { incident: INCIDENT, step: { type: 'resolved', at: '2026-11-24T15:00:12.000Z' } };

let supervisor: AnsweringServer;
let llm: AnsweringServer;
let starter: AnsweringServer;
/** The port of the cv-service, which is away, as are audio-gateway and osc-bridge. */
let nobody: number;
let root: string;

before(async () => {
  supervisor = await startAnsweringServer({
    'GET /v1/status': { body: STATUS },
    'GET /v1/incidents': { body: { incidents: [INCIDENT] } },
    'GET /v1/incidents?state=degraded&error=e1&limit=5': { body: { incidents: [] } },
    [`GET /v1/incidents/${INCIDENT.id}`]: { body: STORY },
    [`POST /v1/incidents/${INCIDENT.id}/acknowledge`]: { body: { acknowledged: INCIDENT.id } },
    'POST /v1/services/cv-service/resume': { body: OK },
    'POST /v1/services/osc-bridge/resume': { body: { ok: false, detail: 'osc-bridge did not answer' } },
    'POST /v1/reload': {
      body: { supervisor: OK, 'llm-service': { ok: false, detail: 'understudy.yaml:3: llm: wrong' }, 'cv-service': OK },
    },
    'GET /v1/notices': { body: { notices: [NOTICE] } },
    'GET /v1/notices?state=resolved&policy=critical_errors&limit=5': { body: { notices: [] } },
    'POST /v1/notify-test': { body: NOTIFY_TEST },
  });
  llm = await startAnsweringServer({
    'POST /v1/input': { body: REPLY },
    'POST /v1/faults': { body: { injected: 'llm_timeout', durationMs: 2000 } },
  });
  starter = await startAnsweringServer({});
  const [cv = 0, audio = 0, osc = 0] = await freePorts(3);
  nobody = cv;
  root = mkdtempSync(join(tmpdir(), 'understudy-cli-'));
  const ports = {
    supervisor: supervisor.port,
    'llm-service': llm.port,
    'cv-service': cv,
    'audio-gateway': audio,
    'osc-bridge': osc,
    starter: starter.port,
  };
  const config = { http: { ports } };
  writeFileSync(join(root, 'understudy.yaml'), JSON.stringify(config));
  writeFileSync(join(root, 'token'), 'secret-token\n');
});
after(() => Promise.all([supervisor, llm, starter].map((server) => server.close())));

const understudy = (...args: string[]) => understudyWith(join(root, 'understudy.yaml'), ...args);

const understudyWith = (config: string, ...args: string[]) => understudyIn({}, config, ...args);

async function understudyIn(place: NodeJS.ProcessEnv, config: string, ...args: string[]) {
  let output = '';
  const errors: string[] = [];
  const interrupted = new AbortController();
  const exitCode = await runCli({
    root,
    args,
    env: { ...place, UNDERSTUDY_CONFIG: config, UNDERSTUDY_TOKEN_FILE: join(root, 'token') },
    output: {
      write(text) {
        output += text;
        if (output.split('\n').length > 2) interrupted.abort();
      },
    },
    errors: { write: (text) => errors.push(text) },
    untilInterrupted: () => interrupted.signal,
  });
  return { exitCode, output, errors: errors.join('') };
}

test('status: for a person, and for a program as it came', async () => {
  const human = await understudy('status');
  assert.deepEqual(
    { ...human, output: human.output.split('\n')[0] },
    { exitCode: 0, output: 'DEGRADED, mode no_vision', errors: '' },
  );
  const program = await understudy('status', '--json');
  assert.deepEqual(JSON.parse(program.output), STATUS);
  assert.deepEqual(JSON.parse((await understudy('--json', 'status')).output), STATUS);
});

test('incidents are filtered by the supervisor, and one is found by the start of its id', async () => {
  assert.match((await understudy('incidents')).output, /^id .*\n1f0c9a52 .*AUDIO_DEVICE_LOST headset-mic/);
  const none = await understudy('incidents', '--state', 'degraded', '--error', 'e1', '--limit', '5');
  assert.deepEqual(none, { exitCode: 0, output: 'No incidents.\n', errors: '' });
  assert.match((await understudy('incident', '1f0c')).output, /^AUDIO_DEVICE_LOST headset-mic of audio-gateway/);
  assert.deepEqual(JSON.parse((await understudy('incident', INCIDENT.id, '--json')).output), STORY);
  assert.deepEqual(await understudy('incident', '2222'), {
    exitCode: 1,
    output: '',
    errors: 'understudy: No incident begins with "2222"; the list: npx understudy incidents\n',
  });
});

test('what changes the bot is sent with the token, as JSON', async () => {
  supervisor.heard.length = 0;
  assert.equal((await understudy('acknowledge', '1f0c')).output, `Acknowledged ${INCIDENT.id}.\n`);
  assert.equal((await understudy('resume', 'cv-service')).output, 'cv-service: done\n');
  const changes = supervisor.heard.filter(({ method }) => method === 'POST');
  const sent = { method: 'POST', authorization: 'Bearer secret-token', body: {} };
  assert.deepEqual(changes, [
    { ...sent, path: `/v1/incidents/${INCIDENT.id}/acknowledge` },
    { ...sent, path: '/v1/services/cv-service/resume' },
  ]);
  assert.deepEqual(
    supervisor.heard.filter(({ method }) => method === 'GET').map(({ authorization }) => authorization),
    [undefined],
  );
});

test('a change that was not made is a failure', async () => {
  assert.deepEqual(await understudy('resume', 'osc-bridge'), {
    exitCode: 1,
    output: 'osc-bridge: no: osc-bridge did not answer\n',
    errors: 'understudy: osc-bridge was not resumed\n',
  });
  assert.deepEqual(await understudy('reload'), {
    exitCode: 1,
    output: 'supervisor, cv-service: done\nllm-service: no: understudy.yaml:3: llm: wrong\n',
    errors: 'understudy: llm-service kept the configuration from before; correct it and reload again\n',
  });
});

test('notices: what people were told, filtered by the supervisor', async () => {
  const all = await understudy('notices');
  assert.deepEqual([all.exitCode, all.errors, all.output.split('\n')[1]], [0, '', `  ${NOTICE.text}`]);
  const none = await understudy('notices', '--state', 'resolved', '--policy', 'critical_errors', '--limit', '5');
  assert.deepEqual(none, { exitCode: 0, output: 'No notices.\n', errors: '' });
  supervisor.heard.length = 0;
  await understudy('notices', '--last', '10m');
  const [asked] = supervisor.heard;
  const since = Date.parse(new URLSearchParams(asked?.path.split('?')[1] ?? '').get('since') ?? '');
  assert.ok(since <= Date.now() - 600_000 && since > Date.now() - 660_000, String(asked?.path));
});

test('notify-test says who was reached, and is a failure when somebody was not', async () => {
  assert.deepEqual(await understudy('notify-test'), {
    exitCode: 0,
    output: `${NOTIFY_TEST.words}\nEverything that is configured was reached.\n`,
    errors: '',
  });
  const failing = await startAnsweringServer({ 'POST /v1/notify-test': { body: { ...NOTIFY_TEST, ok: false } } });
  const config = join(root, 'failing.yaml');
  writeFileSync(config, JSON.stringify({ http: { ports: { supervisor: failing.port } } }));
  const failed = await understudyWith(config, 'notify-test');
  await failing.close();
  assert.deepEqual(failed, {
    exitCode: 1,
    output: `${NOTIFY_TEST.words}\nNot all was reached.\n`,
    errors: 'understudy: the test notice did not reach every receiver\n',
  });
});

test('input goes to the llm-service where the audio-gateway is away', async () => {
  llm.heard.length = 0;
  const { exitCode, output } = await understudy('input', 'Hello', '--user', 'ann', '--session', 's1');
  assert.deepEqual([exitCode, output.split('\n')[0]], [0, REPLY.message]);
  assert.deepEqual(
    llm.heard.map(({ path, body, authorization }) => ({ path, body, authorization })),
    [{ path: '/v1/input', body: { text: 'Hello', userId: 'ann', sessionId: 's1' }, authorization: undefined }],
  );
});

test('inject finds the owner of the fault', async () => {
  llm.heard.length = 0;
  const { exitCode, output } = await understudy('inject', 'llm_timeout', '--target', 'primary', '--duration', '2s');
  assert.deepEqual(
    [exitCode, output],
    [0, 'llm_timeout for 2 s at primary of llm-service. Watch it: npx understudy watch\n'],
  );
  assert.deepEqual(llm.heard, [
    {
      method: 'POST',
      path: '/v1/faults',
      authorization: 'Bearer secret-token',
      body: { fault: 'llm_timeout', durationMs: 2000, target: 'primary' },
    },
  ]);
});

test('where faults are off, inject says how they are switched on', async () => {
  assert.deepEqual(await understudy('inject', 'nats_down'), {
    exitCode: 1,
    output: '',
    errors: 'understudy: Faults are switched off. Start by: npm start -- --faults\n',
  });
});

/** A supervisor of its own: what is open, and what its stream tells. */
async function watching(incidents: unknown[], stream: string[], ...args: string[]) {
  const server = await startAnsweringServer({
    'GET /v1/status': { body: STATUS },
    'GET /v1/incidents': { body: { incidents } },
    'GET /v1/events': { body: undefined, stream },
  });
  const config = join(root, 'watched.yaml');
  writeFileSync(config, JSON.stringify({ http: { ports: { supervisor: server.port } } }));
  const result = await understudyWith(config, 'watch', ...args);
  await server.close();
  return result;
}

test('watch tells what is open as well as what happens', async () => {
  const { output } = await watching([INCIDENT], [event('mode', MODE)]);
  const lines = output
    .trimEnd()
    .replaceAll(/^\S+ {2}/gm, '')
    .split('\n');
  assert.deepEqual(lines.toSorted(), [
    'broken     AUDIO_DEVICE_LOST headset-mic: The audio device stopped delivering.  (incident 1f0c9a52)',
    'mode       no_vision',
  ]);
});

test('watch prints a line for what is worth one, and with --json every known event', async () => {
  const stream = [event('mode', MODE), event('weather', {}), event('incident', RESOLVED)];
  const human = await watching([], stream);
  assert.deepEqual(
    [human.exitCode, human.output.replaceAll(/^\S+ {2}/gm, '').split('\n')],
    [
      0,
      [
        'mode       no_vision',
        'recovered  AUDIO_DEVICE_LOST headset-mic: verified after 12 s  (incident 1f0c9a52)',
        '',
      ],
    ],
  );
  const program = await watching([], stream, '--json');
  const events = program.output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(events, [
    { type: 'mode', ...MODE },
    { type: 'incident', ...RESOLVED },
  ]);
});

test('nobody there: exit code 3, and how to start it', async () => {
  assert.deepEqual(await understudy('inject', 'crash', '--service', 'cv-service'), {
    exitCode: 3,
    output: '',
    errors: `understudy: Nobody answers at http://127.0.0.1:${nobody} (ECONNREFUSED). Is Understudy running? Start it by: npm start\n`,
  });
});

test('a wrong configuration is told with its place; no other port is asked', async () => {
  const config = join(root, 'wrong.yaml');
  writeFileSync(config, 'http:\n  prots: {}\n');
  const { exitCode, output, errors } = await understudyWith(config, 'status');
  assert.deepEqual([exitCode, output], [78, '']);
  assert.match(
    errors,
    /^understudy: The configuration is wrong, .*Correct this, and ask again:\n.*wrong\.yaml:2: http\.prots: /,
  );
});

test('a command that asks nobody does its work with a wrong configuration', async () => {
  const config = join(root, 'wrong.yaml');
  writeFileSync(config, 'http:\n  prots: {}\n');
  const { exitCode, output } = await understudyWith(config, 'secrets', 'rotate', '--native');
  assert.deepEqual([exitCode, output], [0, 'The credentials are gone; the next npm start makes new ones.\n']);
});

test('a configuration that is wrong elsewhere is told, and the ports in it are asked', async () => {
  const config = join(root, 'half.yaml');
  writeFileSync(config, `bot: 7\nhttp: { ports: { supervisor: ${supervisor.port} } }\n`);
  const { exitCode, output, errors } = await understudyWith(config, 'status');
  assert.deepEqual([exitCode, output.split('\n')[0]], [0, 'DEGRADED, mode no_vision']);
  assert.match(errors, /^understudy: the configuration on disk is wrong; .*:\n.*half\.yaml:1: bot: /);
});

test('a configuration that is no YAML is told with its place, and the bot that runs is asked', async () => {
  const config = join(root, 'broken.yaml');
  writeFileSync(config, 'http:\n  ports: [\n');
  assert.equal((await understudyWith(config, 'status')).exitCode, 78);
  const file = runRecordFile(root);
  mkdirSync(dirname(file), { recursive: true });
  const addresses = { supervisor: `http://127.0.0.1:${supervisor.port}` };
  writeFileSync(file, JSON.stringify({ pid: process.pid, birth: '', startedAt: 'then', addresses }));
  const { exitCode, output, errors } = await understudyWith(config, 'status');
  rmSync(file);
  assert.deepEqual([exitCode, output.split('\n')[0]], [0, 'DEGRADED, mode no_vision']);
  assert.match(errors, /^understudy: the configuration on disk is wrong; .*:\n.*broken\.yaml:3:1: \/: not YAML: /);
});

test('in the stack the remedies are those of the stack', async () => {
  const place = { UNDERSTUDY_HOSTS: 'supervisor=127.0.0.1 cv-service=127.0.0.1' };
  const inStack = (...args: string[]) => understudyIn(place, join(root, 'understudy.yaml'), ...args);
  const { exitCode, errors } = await inStack('inject', 'crash', '--service', 'cv-service');
  assert.deepEqual([exitCode, errors.split('? ')[1]], [3, 'Start it by: docker compose up -d\n']);
  assert.match((await inStack('inject', 'nats_down')).errors, /: UNDERSTUDY_FAULTS=on docker compose up -d\n$/);
  assert.match((await inStack('incident', '2222')).errors, /: docker compose exec supervisor understudy incidents\n$/);
  assert.match(
    (await inStack('inject', 'llm_timeout', '--duration', '2s')).output,
    /Watch it: docker compose exec supervisor understudy watch\n$/,
  );
});

test('a command line that makes no sense: exit code 2, nothing asked', async () => {
  supervisor.heard.length = 0;
  const wrong = [
    ['sing'],
    ['incident'],
    ['status', '--loud'],
    ['inject', 'crash'],
    ['inject', 'nats_down', '--duration', '5'],
    ['inject', 'nats_down', '--duration', '2h'],
    ['incidents', '--state', 'broken'],
    ['incidents', '--limit', '-1'],
    ['resume', 'supervisor'],
    ['notices', '--state', 'open'],
    ['notices', '--last', '10'],
  ];
  for (const args of wrong) {
    const { exitCode, output, errors } = await understudy(...args);
    assert.deepEqual({ args, exitCode, output }, { args, exitCode: 2, output: '' });
    assert.notEqual(errors, '');
  }
  assert.deepEqual(supervisor.heard, []);
});

test('help is no failure', async () => {
  const { exitCode, output } = await understudy('--help');
  assert.equal(exitCode, 0);
  assert.match(output, /^Usage: understudy/);
});
