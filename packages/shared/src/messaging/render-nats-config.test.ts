import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SERVICE_NAMES, type ServiceName } from '../contracts/index.ts';
import { exportsOf, renderNatsConfig } from './render-nats-config.ts';

/** The whole of the wire's permissions, by meaning: who may say or ask what of whom. */
const PERMISSIONS = `
HUB may ask SYS: $SYS.REQ.SERVER.PING.VARZ

AUDIO, OSC, LLM, CV may ask HUB: $JS.API.DIRECT.GET.KV_understudy_main.$KV.understudy_main.supervisor.>

AUDIO may ask HUB: understudy.main.error.audio-gateway
AUDIO may ask HUB: $KV.understudy_main.audio-gateway.>
AUDIO may ask HUB: $JS.API.DIRECT.GET.KV_understudy_main.$KV.understudy_main.audio-gateway.>
HUB may ask AUDIO: understudy.main.command.audio-gateway.*
HUB hears of AUDIO: understudy.main.heartbeat.audio-gateway

OSC may ask HUB: understudy.main.error.osc-bridge
OSC may ask HUB: $KV.understudy_main.osc-bridge.>
OSC may ask HUB: $JS.API.DIRECT.GET.KV_understudy_main.$KV.understudy_main.osc-bridge.>
HUB may ask OSC: understudy.main.command.osc-bridge.*
HUB hears of OSC: understudy.main.heartbeat.osc-bridge

LLM may ask HUB: understudy.main.error.llm-service
LLM may ask HUB: $KV.understudy_main.llm-service.>
LLM may ask HUB: $JS.API.DIRECT.GET.KV_understudy_main.$KV.understudy_main.llm-service.>
HUB may ask LLM: understudy.main.command.llm-service.*
HUB hears of LLM: understudy.main.heartbeat.llm-service

CV may ask HUB: understudy.main.error.cv-service
CV may ask HUB: $KV.understudy_main.cv-service.>
CV may ask HUB: $JS.API.DIRECT.GET.KV_understudy_main.$KV.understudy_main.cv-service.>
HUB may ask CV: understudy.main.command.cv-service.*
HUB hears of CV: understudy.main.heartbeat.cv-service

LLM hears of AUDIO: understudy.main.input
LLM hears of AUDIO: understudy.main.utterance
OSC, AUDIO, HUB hears of LLM: understudy.main.reply
LLM, HUB hears of CV: understudy.main.observation
AUDIO, LLM, HUB hears of OSC: understudy.main.delivery.osc-bridge
LLM, HUB hears of AUDIO: understudy.main.delivery.audio-gateway
AUDIO, OSC, LLM, CV hears of HUB: understudy.main.mode
`;

const SAYS = { service: 'may ask', stream: 'hears of' } as const;
const passwords = (of: (name: ServiceName) => string) =>
  Object.fromEntries(SERVICE_NAMES.map((name) => [name, of(name)])) as Record<ServiceName, string>;
const render = (password = 'secret') =>
  renderNatsConfig({
    bot: 'main',
    host: '127.0.0.1',
    port: 4222,
    storeFolder: '/data/nats',
    passwords: passwords((name) => `${password}-${name}`),
  });

describe('the permissions of the wire', () => {
  it('are these and no others', () => {
    const lines = exportsOf('main').map(
      ({ kind, subject, from, to }) => `${to.join(', ')} ${SAYS[kind]} ${from}: ${subject}`,
    );
    assert.deepEqual(lines.sort(), PERMISSIONS.trim().split(/\n+/).sort());
  });

  it('name every subject once for each account that has it', () => {
    const rows = exportsOf('main').map(({ from, subject }) => `${from} ${subject}`);
    assert.equal(new Set(rows).size, rows.length);
  });
});

describe('the rendered configuration', () => {
  it('gives JetStream to the hub alone, and one user to each account', () => {
    const text = render();
    assert.equal(text.match(/jetstream: enabled/g)?.length, 1);
    assert.match(
      text,
      /HUB: \{\n {4}jetstream: enabled\n {4}users: \[ \{ user: "supervisor", password: "secret-supervisor" \} \]/,
    );
    assert.deepEqual(
      [...text.matchAll(/user: "([a-z-]+)", password: "secret-\1"/g)].map(([, user]) => user),
      [...SERVICE_NAMES],
    );
  });

  it('imports exactly what is exported to an account', () => {
    const text = render();
    const imported = [...text.matchAll(/\{ (stream|service): \{ account: [A-Z]+, subject: /g)].length;
    assert.equal(
      imported,
      exportsOf('main').reduce((sum, { to }) => sum + to.length, 0),
    );
  });

  it('lets nothing in a value end its string', () => {
    const text = render('"} ] } $HUB\\');
    assert.ok(text.includes('password: "\\"} ] } $HUB\\\\-cv-service"'));
  });

  it('writes its files only where they are wanted', () => {
    assert.doesNotMatch(render(), /pid_file|log_file|logfile_size_limit/);
    const text = renderNatsConfig({
      bot: 'main',
      host: '127.0.0.1',
      port: 4222,
      storeFolder: 'C:\\data',
      pidFile: 'C:\\nats.pid',
      logFile: 'C:\\nats.log',
      passwords: passwords(() => 'x'),
    });
    assert.ok(text.includes('pid_file: "C:\\\\nats.pid"'));
    assert.ok(text.includes('log_file: "C:\\\\nats.log"\nlogfile_size_limit: 10MB'));
    assert.ok(text.includes('store_dir: "C:\\\\data"'));
  });
});
