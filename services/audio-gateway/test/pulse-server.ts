import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { decodePcm16, encodePcm16, type WavAudio } from '../src/audio/wav.ts';
import { until } from './rig.ts';
import { CLIENT_SOCKET, PULSEAUDIO, type SoundServer } from './sound-servers.ts';

const run = promisify(execFile);

interface PulseServerOptions {
  /** Else PulseAudio. */
  readonly kind?: SoundServer | undefined;
  /** Names of sources. Each hears what is played into the sink `NAME_feed`. */
  readonly microphones?: readonly string[];
  /** Names of sinks; what they play is heard at `NAME.monitor`. */
  readonly speakers?: readonly string[];
  /** More modules, each with its arguments. */
  readonly more?: readonly string[];
}

export interface PulseServer {
  /** For `audio.pulse.server`. */
  readonly address: string;
  /** Its folder: sockets and cookies of the test go there. */
  readonly folder: string;
  pactl(...args: string[]): Promise<string>;
  /** Plays into the microphone, until its end. */
  say(microphone: string, audio: WavAudio): Promise<void>;
  /** What the source delivers from now on, 16 kHz mono. Stop it in any case. */
  record(source: string): Promise<Recording>;
  /** Unplugs a microphone or a speaker. */
  unplug(name: string): Promise<void>;
  plugMicrophone(name: string): Promise<void>;
  plugSpeaker(name: string): Promise<void>;
  /** Another program beside the server, in its surroundings. */
  start(program: string, ...args: string[]): { stop(): Promise<void> };
  /** SIGSTOP and SIGCONT: a server that hangs. */
  freeze(): void;
  thaw(): void;
  /** SIGKILL: the server, or one of its processes, is gone until `restart`. */
  kill(program?: string): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface Recording {
  samples(): Float32Array;
  stop(): Promise<void>;
}

const nullSink = (name: string) => ['module-null-sink', `sink_name=${name}`, 'norewinds=1', 'rate=48000', 'channels=1'];
const remap = (name: string) => ['module-remap-source', `source_name=${name}`, `master=${name}_feed.monitor`];

async function endAll(children: readonly ChildProcess[]): Promise<void> {
  const running = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  const ended = running.map((child) => once(child, 'exit'));
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(ended);
}

/** The server and its clients find nothing of the machine's own. */
const ownHome = (folder: string) => ({
  HOME: folder,
  XDG_RUNTIME_DIR: folder,
  XDG_CONFIG_HOME: join(folder, 'config'),
  XDG_STATE_HOME: join(folder, 'state'),
  PIPEWIRE_RUNTIME_DIR: folder,
  PULSE_RUNTIME_PATH: folder,
  DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(folder, 'no-bus')}`,
});

/** A sound server of the test's own: own socket, own home, nothing of the machine's sound. Stop it in any case. */
export async function startPulseServer(options: PulseServerOptions = {}): Promise<PulseServer> {
  const kind = options.kind ?? PULSEAUDIO;
  const folder = await mkdtemp(join(tmpdir(), 'understudy-pulse-'));
  const address = `unix:${join(folder, CLIENT_SOCKET)}`;
  const env = { ...process.env, ...ownHome(folder), LC_ALL: 'C', PULSE_SERVER: address };
  const pactl = async (...args: string[]) => (await run('pactl', args, { env })).stdout;
  const modules = [
    ...(options.microphones ?? []).flatMap((name) => [nullSink(`${name}_feed`), remap(name)]),
    ...(options.speakers ?? []).map(nullSink),
  ].map((module) => module.join(' '));
  const all = [...modules, ...(options.more ?? [])];
  for (const [path, text] of Object.entries(kind.files(all))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  let daemons: ChildProcess[] = [];
  const signalAll = (signal: NodeJS.Signals) => {
    for (const daemon of daemons) daemon.kill(signal);
  };

  const helpers: ChildProcess[] = [];
  const kill = async (program?: string) => {
    const isMeant = ({ spawnfile }: ChildProcess) => program === undefined || spawnfile === program;
    await endAll(daemons.filter(isMeant));
    daemons = daemons.filter((daemon) => !isMeant(daemon));
  };

  const awaitStart = (what: string, holds: () => boolean | Promise<boolean>) =>
    until(what, () => {
      const ended = daemons.find(({ exitCode }) => exitCode !== null);
      if (ended) throw new Error(`${ended.spawnargs.join(' ')} ended with ${ended.exitCode}`);
      return holds();
    });

  const start = async () => {
    for (const { command, socket } of kind.processes(folder, all)) {
      const [program, ...args] = command;
      const made = join(folder, socket ?? '.');
      // A killed server leaves its socket; a new one must not be taken for it before it listens.
      if (socket !== undefined) await rm(made, { force: true });
      daemons.push(spawn(program, args, { env, stdio: 'ignore' }));
      await awaitStart(`${program} listens`, () => existsSync(made));
    }
    await awaitStart(`${kind.name} answers`, () => pactl('info').then(Boolean, () => false));
  };

  const moduleOf = async (name: string): Promise<string> => {
    const rows = (await pactl('list', 'short', 'modules')).split('\n').map((row) => row.split('\t'));
    const found = rows.find(([, , argument]) => argument?.split(' ').some((part) => part.endsWith(`_name=${name}`)));
    if (found?.[0] === undefined) throw new Error(`No module has made ${name}`);
    return found[0];
  };

  // Also a test that ends by an exception leaves no daemon.
  const killAtExit = () => signalAll('SIGKILL');
  process.once('exit', killAtExit);
  try {
    await start();
  } catch (error) {
    await kill();
    throw error;
  }
  return {
    address,
    folder,
    pactl,
    async say(microphone, { sampleRate, samples }) {
      const format = ['--raw', '--format=s16le', `--rate=${sampleRate}`, '--channels=1', '--latency-msec=50'];
      const player = spawn('pacat', ['--playback', `--device=${microphone}_feed`, ...format], {
        env,
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      player.stdin?.on('error', () => {});
      player.stdin?.end(encodePcm16(samples));
      const [code] = await once(player, 'exit');
      if (code !== 0) throw new Error(`pacat into ${microphone}_feed ended with ${code}`);
    },
    async record(source) {
      const format = ['--raw', '--format=s16le', '--rate=16000', '--channels=1', '--latency-msec=20'];
      const recorder = spawn('parec', [`--device=${source}`, ...format], {
        env,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const chunks: Buffer[] = [];
      recorder.stdout?.on('data', (chunk: Buffer) => void chunks.push(chunk));
      const recording: Recording = {
        samples: () => decodePcm16(Buffer.concat(chunks)),
        async stop() {
          if (recorder.exitCode !== null || recorder.signalCode !== null) return;
          recorder.kill('SIGKILL');
          await once(recorder, 'exit');
        },
      };
      try {
        await until(`${source} is recorded`, () => {
          if (recorder.exitCode !== null) throw new Error(`parec of ${source} ended with ${recorder.exitCode}`);
          return chunks.length > 0;
        });
      } catch (error) {
        await recording.stop();
        throw error;
      }
      return recording;
    },
    unplug: async (name) => void (await pactl('unload-module', await moduleOf(name))),
    async plugMicrophone(name) {
      const feeds = (await pactl('list', 'short', 'sinks')).includes(`\t${name}_feed\t`);
      if (!feeds) await pactl('load-module', ...nullSink(`${name}_feed`));
      await pactl('load-module', ...remap(name));
    },
    plugSpeaker: async (name) => void (await pactl('load-module', ...nullSink(name))),
    start(program, ...args) {
      const beside = spawn(program, args, { env, stdio: 'ignore' });
      helpers.push(beside);
      return { stop: () => endAll([beside]) };
    },
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    kill,
    restart: async () => {
      await kill();
      await start();
    },
    async stop() {
      await kill();
      await endAll(helpers);
      process.off('exit', killAtExit);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
