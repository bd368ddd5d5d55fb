import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServiceName, START_ORDER } from '@understudy/shared/contracts';
import { freePorts } from '@understudy/shared/testing';

/**
 * A real child process in place of each service: says that it is ready, notes its environment and its end, and drains when asked, or by
 * itself when its channel closes.
 */
const TINY_SERVICE = `
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const name = process.argv[1].split(/[\\\\/]/).at(-3);
const note = (what) => appendFileSync(join(process.env.UNDERSTUDY_DATA, 'story.txt'), name + ' ' + what + '\\n');
const end = (why) => { note(why); process.exit(0); };
process.on('message', (message) => message.type === 'drain' && end('drained'));
process.on('disconnect', () => end('abandoned'));
writeFileSync(join(process.env.UNDERSTUDY_DATA, name + '.environment.json'), JSON.stringify(process.env));
note('started');
process.send({ type: 'ready' });
setInterval(() => {}, 1000);
`;

const TINY_SIMULATORS = `
import { appendFileSync } from 'node:fs';
process.on('disconnect', () => process.exit(0));
console.log(JSON.stringify({ ready: true }));
setInterval(() => {}, 1000);
`;

export interface TinyCheckout {
  readonly root: string;
  readonly ports: { readonly nats: number; readonly redis: number; readonly starter: number };
  readonly dataFolder: string;
  /** What the tiny services did, in order. */
  story(): string[];
  /** A file of the data folder; `undefined` while it is not there. */
  read(file: string): string | undefined;
  environmentOf(service: ServiceName): Record<string, string>;
  replaceService(service: ServiceName, script: string): void;
  remove(): void;
}

/** A checkout in a folder of its own, with free ports and tiny services: what is started from it are real processes and servers. */
export async function createTinyCheckout(): Promise<TinyCheckout> {
  const root = mkdtempSync(join(tmpdir(), 'understudy-checkout-'));
  const ports = await freePorts(16);
  const next = () => ports.shift() ?? 0;
  const nats = next();
  const redis = next();
  const starter = next();
  const config = {
    http: { ports: { ...Object.fromEntries(START_ORDER.map((name) => [name, next()])), starter } },
    nats: { port: nats },
    redis: { port: redis },
    audio: { listen: { port: next() } },
    simulators: Object.fromEntries(
      [
        'control_port',
        'llm_port',
        'camera_port',
        'vrchat_receive_port',
        'vrchat_send_port',
        'oscquery_port',
        'speaker_port',
      ].map((name) => [name, next()]),
    ),
  };
  const write = (folder: string, file: string, text: string) => {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, file), text);
  };
  const replaceService = (service: ServiceName, script: string) =>
    write(join('services', service, 'src'), 'main.ts', script);
  write('.', 'package.json', '{ "type": "module" }');
  // JSON is YAML.
  write('config', 'understudy.yaml', JSON.stringify(config, null, 2));
  for (const service of START_ORDER) replaceService(service, TINY_SERVICE);
  write(join('packages', 'simulators', 'src'), 'main.ts', TINY_SIMULATORS);
  const dataFolder = join(root, '.understudy', 'data');
  return {
    root,
    ports: { nats, redis, starter },
    dataFolder,
    story: () => readFileSync(join(dataFolder, 'story.txt'), 'utf8').trimEnd().split('\n'),
    read: (file) => (existsSync(join(dataFolder, file)) ? readFileSync(join(dataFolder, file), 'utf8') : undefined),
    environmentOf: (service) => JSON.parse(readFileSync(join(dataFolder, `${service}.environment.json`), 'utf8')),
    replaceService,
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}
