import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ConfigSchema } from './config-schema.ts';
import { formatProblems, loadConfig, parseConfig } from './load-config.ts';
import { PEERS } from './resolve-peers.ts';

/** The problems of a text as lines `LINE PATH: MESSAGE`. */
function problemsOf(text: string): string[] {
  const loaded = parseConfig(text, 'understudy.yaml');
  return loaded.ok
    ? []
    : loaded.problems.map(
        ({ line, column, path, message }) => `${column ? `${line}:${column}` : line} ${path}: ${message}`,
      );
}

const SECTIONS = Object.keys(ConfigSchema.properties).join(', ');
const RECOVERY = Object.keys(ConfigSchema.properties.recovery.properties).join(', ');
const KINDS = 'one of mjpeg, http, folder, rtsp, video, device, obs';

/** One table, one row per kind of mistake. */
for (const [name, text, problems] of [
  [
    'an unknown section, with the nearest name',
    '# head\nloggin:\n  level: INFO\n',
    [`2 loggin: unknown name; did you mean "logging"? Allowed here: ${SECTIONS}`],
  ],
  [
    'an unknown field, on its own line',
    'nats:\n  port: 4222\n  hots: localhost\n',
    ['3 nats.hots: unknown name; did you mean "host"? Allowed here: port, host'],
  ],
  ['a wrong type', 'nats:\n  port: many\n', ['2 nats.port: must be a whole number from 1 to 65535']],
  ['a number out of bounds', 'vision:\n  max_fps: 100\n', ['2 vision.max_fps: must be a number from 0.1 to 30']],
  [
    'a flag that is a text',
    'logging: { output: { console: "yes" } }',
    ['1 logging.output.console: must be true or false'],
  ],
  ['a section that is a value', 'vision: 3\n', ['1 vision: must be a section of names and values']],
  ['a file that is a list', '- vision\n', ['1 /: must be a section of names and values']],
  ['a text of another form', 'bot: Main Bot\n', ['1 bot: must be a text of the form ^[a-z0-9-]{1,30}$']],
  [
    'a list that is too short',
    'persona:\n  patterns:\n    greeting: []\n',
    ['3 persona.patterns.greeting: must be a list of at least 1 item'],
  ],
  [
    'a wrong choice, with the nearest one',
    'logging:\n  level: WARN\n',
    ['2 logging.level: must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL; did you mean "WARNING"?'],
  ],
  [
    'a wrong choice in a list',
    'alerts:\n  critical_errors:\n    channels:\n      - console\n      - logfile\n',
    ['5 alerts.critical_errors.channels.1: must be one of console, log_file; did you mean "log_file"?'],
  ],
  [
    'what is missing from an entry of a list, each by name, on the line of the entry',
    'llm:\n  providers:\n    - name: main\n',
    [
      '3 llm.providers.0.base_url: is missing; it must be a text that is an address such as http://127.0.0.1:11434/v1, without user and password: a key is named by api_key_env or api_key_file',
      '3 llm.providers.0.model: is missing; it must be a text of at least 1 character',
    ],
  ],
  [
    'several mistakes at once',
    'bot: 7\nredis:\n  prot: 1\n',
    [
      '1 bot: must be a text of the form ^[a-z0-9-]{1,30}$',
      '3 redis.prot: unknown name; did you mean "port"? Allowed here: port, host',
    ],
  ],
  [
    'a value of one of two types',
    'vrchat: { expressions: { happy: { Smile: wide } } }',
    ['1 vrchat.expressions.happy.Smile: must be true or false or a number'],
  ],
  [
    'a section or a list: what is wrong in the list',
    'vrchat: { expressions: { wave: [{ set: { Wave: true }, for_ms: long }] } }',
    ['1 vrchat.expressions.wave.0.for_ms: must be a whole number from 0 to 60000'],
  ],
  [
    'neither a section nor a list',
    'vrchat: { expressions: { wave: 3 } }',
    ['1 vrchat.expressions.wave: must be a section of names and values or a list of at least 1 item'],
  ],

  [
    'a password in the address of a model server',
    'llm:\n  providers:\n    - { name: own, base_url: "http://bob:hush@127.0.0.1:1/v1", model: m }\n',
    [
      '3 llm.providers.0.base_url: must be a text that is an address such as http://127.0.0.1:11434/v1, without user and password: a key is named by api_key_env or api_key_file',
    ],
  ],
  [
    'a password that would end in the middle of an RTSP address',
    'vision:\n  source: { kind: rtsp, url: "rtsp://user:p@ss/w0rd#hush@127.0.0.1/stage" }\n',
    [
      '2 vision.source.url: must be a text that is an address such as rtsp://user:password@192.168.1.20:554/stream; special characters of user and password are written %40 for @, %2F for /, %23 for #, %3A for :',
    ],
  ],
  [
    'an alias where a name must stand, in words',
    'audio:\n  inputs:\n    - { id: mic, kind: pulse, source: "@DEFAULT_SOURCE@" }\n',
    [
      '3 audio.inputs.0.source: must be a text of at most 256 characters that is the exact name of a device, no number and no alias: `pactl list short` names them',
    ],
  ],
  [
    'a name that no VBAN packet can hold',
    'audio:\n  inputs:\n    - { id: mic, kind: vban, stream: Kopfhörer }\n',
    [
      '3 audio.inputs.0.stream: must be a text of at most 16 characters of printable ASCII, as it lies in a VBAN packet',
    ],
  ],

  // A union is judged by the branch that `kind` names, and by that alone.
  [
    'a field of the kind that is named',
    'vision:\n  source:\n    kind: http\n    url: cam\n',
    ['4 vision.source.url: must be a text of the form ^https?://'],
  ],
  [
    'what the named kind misses',
    'vision:\n  source:\n    kind: folder\n',
    ['2 vision.source.folder: is missing; it must be a text of at least 1 character'],
  ],
  [
    'a field of another kind',
    'audio:\n  inputs:\n    - kind: wav\n      id: files\n      folder: in\n      stream: Mic\n',
    ['6 audio.inputs.0.stream: unknown name. Allowed here: id, kind, folder'],
  ],
  [
    'an unknown kind',
    'vision:\n  source:\n    kind: mjpg\n    url: 3\n',
    [`3 vision.source.kind: must be ${KINDS}; did you mean "mjpeg"?`],
  ],
  ['no kind', 'vision:\n  source:\n    url: http://cam\n', [`2 vision.source.kind: is missing; it must be ${KINDS}`]],
  [
    'a union that is no section',
    'vision:\n  source: cam\n',
    [`2 vision.source: must be a section whose kind is ${KINDS}`],
  ],

  // What a schema cannot say.
  [
    'a limit of money where nobody takes any',
    "llm:\n  providers: [{ name: own, base_url: 'http://x/v1', model: m, price: { input: 0, output: 0 } }]\n  budget:\n    cost_per_hour: 0.5\n",
    [
      '4 llm.budget.cost_per_hour: limits nothing, for no provider of llm.providers has a price; give one `price: { input, output }` per million tokens, or set tokens_per_hour',
    ],
  ],
  [
    'a name that is taken',
    'audio:\n  inputs:\n    - { id: mic, kind: wav, folder: a }\n    - { id: mic, kind: wav, folder: b }\n',
    ['4 audio.inputs.1.id: "mic" is taken by an entry above; give each its own'],
  ],
  [
    'a port that is taken, be it by a default',
    'http:\n  ports:\n    llm-service: 8701\n',
    ['3 http.ports.llm-service: 8701 is also the port of audio-gateway; give each its own'],
  ],

  [
    'ten mistakes, all of them',
    `recovery:\n${Array.from({ length: 10 }, (_, index) => `  x${index}: 1\n`).join('')}`,
    Array.from(
      { length: 10 },
      (_, index) => `${index + 2} recovery.x${index}: unknown name. Allowed here: ${RECOVERY}`,
    ),
  ],

  // YAML itself.
  [
    'a bracket that is not closed',
    'bot: main\nnats: [\n',
    ['3:1 /: not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ],
  ['a name twice', 'bot: a\nbot: b\n', ['2:1 /: not YAML: Map keys must be unique']],
  [
    'aliases that unfold without end',
    `a: &a [x]\n${[...'bcdefgh'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[index]}`)}]`).join('\n')}\n`,
    ['1 /: not YAML: Excessive alias count indicates a resource exhaustion attack'],
  ],
  ['an alias that holds itself', 'bot: &a [*a]\n', ['1 /: not YAML: nested without end; does an alias hold itself?']],
  [
    'a line that is shifted',
    'http:\n  ports:\n     nats: 1\n   x: 2\n',
    ['4:1 /: not YAML: All mapping items must start at the same column'],
  ],
] as const) {
  test(`${name} is told`, () => assert.deepEqual(problemsOf(text), problems));
}

describe('what is fine', () => {
  for (const [name, text] of [
    ['an empty file', ''],
    ['comments alone', '# bot: main\n'],
    ['a section whose lines are all commented out', 'vision:\n  # max_fps: 5\nllm:\n'],
    ['a name without a value', 'bot:\n'],
  ] as const) {
    test(`${name}: every default holds`, () => {
      const loaded = parseConfig(text, 'understudy.yaml');
      assert.ok(loaded.ok);
      assert.deepEqual([loaded.config.bot, loaded.config.vision.max_fps, loaded.simulated], ['main', 2, [...PEERS]]);
    });
  }

  test('the defaults of an entry come with its kind', () => {
    const loaded = parseConfig('audio: { outputs: [{ id: out, kind: vban, stream: Out }] }', 'understudy.yaml');
    assert.ok(loaded.ok);
    assert.deepEqual(loaded.config.audio.outputs, [
      { id: 'out', kind: 'vban', stream: 'Out', host: '127.0.0.1', port: 6980, answers_ping: true },
    ]);
  });
});

test('no text makes it throw, and every problem has a line of the text', () => {
  const names = fc.constantFrom(
    'bot',
    'vision',
    'source',
    'kind',
    'audio',
    'inputs',
    'llm',
    'providers',
    'x/y',
    '~',
    '0',
    '__proto__',
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, 3, -1.5, 'mjpeg', '', 'text'),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(names, tie('any'), { maxKeys: 4 }),
    ),
  })).any;
  fc.assert(
    fc.property(
      fc.oneof(
        value.map((part) => JSON.stringify(part, null, 1)),
        fc.string(),
      ),
      (text) => {
        const loaded = parseConfig(text, 'understudy.yaml');
        const lines = text.split('\n').length;
        if (!loaded.ok)
          assert.ok(loaded.problems.every(({ line, message }) => line >= 1 && line <= lines && message.length > 0));
        if (!loaded.ok) assert.ok(loaded.problems.length > 0);
      },
    ),
    { numRuns: 500 },
  );
});

describe('a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-config-'));

  const missing = join(folder, 'missing.yaml');
  const named = (path: string) => ({ path, isNamed: true });

  test('that is missing is no mistake where nobody named it: every default holds', () => {
    assert.equal(loadConfig({ path: missing, isNamed: false }, {}).ok, true);
  });

  test('that was named must be there', () => {
    const loaded = loadConfig(named(missing), {});
    assert.ok(!loaded.ok);
    assert.equal(
      formatProblems(loaded.problems),
      `${missing}:1: /: does not exist, and UNDERSTUDY_CONFIG names it: correct the name (a container sees only what is in config/), or unset it to read config/understudy.yaml`,
    );
  });

  test('is told apart from a place that is wrong', () => {
    const loaded = loadConfig({ path: missing, isNamed: false }, { UNDERSTUDY_HOSTS: 'nonsense' });
    assert.ok(!loaded.ok);
    assert.match(formatProblems(loaded.problems), /: \/: UNDERSTUDY_HOSTS: "nonsense" is not PART=HOST/);
  });

  test('is named with its line in each problem', () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, 'bot: main\nnats: { port: 0 }\n');
    const loaded = loadConfig(named(file));
    assert.ok(!loaded.ok);
    assert.equal(formatProblems(loaded.problems), `${file}:2: nats.port: must be a whole number from 1 to 65535`);
  });

  test('of which some sections are asked is wrong only by these', () => {
    const file = join(folder, 'half.yaml');
    writeFileSync(file, 'bot: 7\nhttp: { ports: { supervisor: 9700 } }\nnats: { port: 0 }\n');
    const asked = (section: 'http' | 'nats') => loadConfig(named(file), {}, [section]);
    const http = asked('http');
    assert.ok(http.ok);
    assert.deepEqual([http.config.http.ports.supervisor, http.config.nats.port], [9700, 4322]);
    const nats = asked('nats');
    assert.ok(!nats.ok);
    assert.deepEqual(
      nats.problems.map(({ line, path }) => [line, path]),
      [[3, 'nats.port']],
    );
  });

  test('that is a folder cannot be read', () => {
    assert.deepEqual(loadConfig(named(folder)), {
      ok: false,
      problems: [
        {
          file: folder,
          line: 1,
          path: '/',
          message: 'cannot be read: EISDIR: illegal operation on a directory, read; check its permissions',
        },
      ],
    });
  });

  const isAlmighty = process.getuid?.() === 0 || process.platform === 'win32';
  test('that may not be read says so', { skip: isAlmighty && 'this user may read everything' }, () => {
    const file = join(folder, 'secret.yaml');
    writeFileSync(file, 'bot: main\n');
    chmodSync(file, 0o000);
    const loaded = loadConfig(named(file));
    assert.ok(!loaded.ok);
    assert.match(
      formatProblems(loaded.problems),
      /secret\.yaml:1: \/: cannot be read: EACCES: permission denied.*; check its permissions$/,
    );
  });
});
