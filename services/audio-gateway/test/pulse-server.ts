import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodePcm16, encodePcm16, type WavAudio } from '../src/audio/wav.ts';
import { until } from './rig.ts';

const run = promisify(execFile);

/** Why tests on a real sound server cannot run here, for `test(..., { skip })`; `false`: they can. */
export const pulseMissing: string | false = ['pulseaudio', 'pactl', 'parec', 'pacat'].some(
  (program) => spawnSync(program, ['--version']).error !== undefined,
)
  ? 'SKIPPED: pulseaudio or pulseaudio-utils is missing: apt install pulseaudio pulseaudio-utils'
  : false;

interface PulseServerOptions {
  /** Names of sources. Each hears what is played into the sink `NAME_feed`. */
  readonly microphones?: readonly string[];
  /** Names of sinks; what they play is heard at `NAME.monitor`. */
  readonly speakers?: readonly string[];
  /** More arguments of the daemon: `-L module ...`. */
  readonly more?: readonly string[];
}

export interface PulseServer {
  /** For `audio.pulse.server`. */
  readonly address: string;
  /** Its folder: sockets and cookies of the test go there. */
  readonly folder: string;
  pid(): number;
  pactl(...args: string[]): Promise<string>;
  /** Plays into the microphone, until its end. */
  say(microphone: string, audio: WavAudio): Promise<void>;
  /** What the source delivers from now on, 16 kHz mono. Stop it in any case. */
  record(source: string): Promise<Recording>;
  /** Unplugs a microphone or a speaker. */
  unplug(name: string): Promise<void>;
  plugMicrophone(name: string): Promise<void>;
  plugSpeaker(name: string): Promise<void>;
  /** SIGSTOP and SIGCONT: a server that hangs. */
  freeze(): void;
  thaw(): void;
  /** SIGKILL: the server is gone until `restart`. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface Recording {
  samples(): Float32Array;
  stop(): Promise<void>;
}

const nullSink = (name: string) => ['module-null-sink', `sink_name=${name}`, 'norewinds=1', 'rate=48000', 'channels=1'];
const remap = (name: string) => ['module-remap-source', `source_name=${name}`, `master=${name}_feed.monitor`];
/** The server's own log would be a test's noise. */
const QUIET = ['--log-target=file:/dev/null'];

/** A PulseAudio daemon of the test's own: own socket, own home, nothing of the machine's sound. Stop it in any case. */
export async function startPulseServer(options: PulseServerOptions = {}): Promise<PulseServer> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-pulse-'));
  const socket = join(folder, 'native');
  const address = `unix:${socket}`;
  const env = { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder, LC_ALL: 'C', PULSE_SERVER: address };
  const pactl = async (...args: string[]) => (await run('pactl', args, { env })).stdout;
  const modules = [
    ['module-native-protocol-unix', `socket=${socket}`, 'auth-anonymous=1'],
    ...(options.microphones ?? []).flatMap((name) => [nullSink(`${name}_feed`), remap(name)]),
    ...(options.speakers ?? []).map(nullSink),
  ];
  let daemon: ChildProcess | undefined;

  const kill = async () => {
    const ending = daemon;
    daemon = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    ending.kill('SIGKILL');
    await once(ending, 'exit');
  };

  const start = async () => {
    const loads = modules.flatMap((module) => ['-L', module.join(' ')]);
    const args = ['-n', '--daemonize=no', '--exit-idle-time=-1', '--use-pid-file=no', '--disable-shm=yes'];
    // A killed server leaves its socket; a new one must not be taken for it before it listens.
    await rm(socket, { force: true });
    daemon = spawn('pulseaudio', [...args, ...QUIET, ...loads, ...(options.more ?? [])], { env, stdio: 'ignore' });
    await until('the sound server answers', async () => {
      if (daemon?.exitCode !== null) throw new Error(`pulseaudio ended with ${daemon?.exitCode}: ${loads.join(' ')}`);
      return access(socket).then(
        () => pactl('info').then(Boolean, () => false),
        () => false,
      );
    });
  };

  const moduleOf = async (name: string): Promise<string> => {
    const rows = (await pactl('list', 'short', 'modules')).split('\n').map((row) => row.split('\t'));
    const found = rows.find(([, , argument]) => argument?.split(' ').some((part) => part.endsWith(`_name=${name}`)));
    if (found?.[0] === undefined) throw new Error(`No module has made ${name}`);
    return found[0];
  };

  // Also a test that ends by an exception leaves no daemon.
  const killAtExit = () => void daemon?.kill('SIGKILL');
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
    pid: () => daemon?.pid ?? 0,
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
    freeze: () => void daemon?.kill('SIGSTOP'),
    thaw: () => void daemon?.kill('SIGCONT'),
    kill,
    restart: async () => {
      await kill();
      await start();
    },
    async stop() {
      await kill();
      process.off('exit', killAtExit);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
