import { spawnSync } from 'node:child_process';

/** What differs between the sound servers that speak PulseAudio's protocol. */
export interface SoundServer {
  readonly name: 'PulseAudio' | 'PipeWire';
  /** Why tests on it cannot run here, for `test(..., { skip })`; `false`: they can. */
  readonly missing: string | false;
  /** Also one that asks not to be moved (`node.dont-move`). */
  readonly movesEveryStream: boolean;
  /** What it reads at its start: contents by path below the test's folder. @param modules each with its arguments */
  files(modules: readonly string[]): Readonly<Record<string, string>>;
  /** Its processes, in the order of their start. */
  processes(folder: string, modules: readonly string[]): readonly ServerProcess[];
}

export interface ServerProcess {
  readonly command: readonly [program: string, ...args: string[]];
  /** The socket that it makes below the folder: the next process is started when it is there. */
  readonly socket?: string;
}

/** The socket of clients, below the test's folder. */
export const CLIENT_SOCKET = 'native';

const missing = (programs: readonly string[], packages: string): string | false =>
  programs.some((program) => spawnSync(program, ['--version']).error !== undefined) &&
  `SKIPPED: ${programs.join(', ')}: one is missing: apt install ${packages}`;

export const PULSEAUDIO: SoundServer = {
  name: 'PulseAudio',
  missing: missing(['pulseaudio', 'pactl', 'parec', 'pacat'], 'pulseaudio pulseaudio-utils'),
  movesEveryStream: true,
  files: () => ({}),
  processes(folder, modules) {
    const socket = `module-native-protocol-unix socket=${folder}/${CLIENT_SOCKET} auth-anonymous=1`;
    const loads = [socket, ...modules].flatMap((module) => ['-L', module]);
    const args = ['-n', '--daemonize=no', '--exit-idle-time=-1', '--use-pid-file=no', '--disable-shm=yes'];
    return [{ command: ['pulseaudio', ...args, '--log-target=file:/dev/null', ...loads], socket: CLIENT_SOCKET }];
  },
};

/** WirePlumber does all that it does of itself, but for the machine's own devices and what needs D-Bus. */
const WIREPLUMBER_0_4 = `
load_module("metadata")
default_access.properties["enable-flatpak-portal"] = false
default_access.enable()
device_defaults.enable()
stream_defaults.enable()
load_script("intended-roles.lua")
load_script("suspend-node.lua")
`;
const WIREPLUMBER_0_5 = `
wireplumber.profiles = {
  main = {
    hardware.audio = disabled, hardware.bluetooth = disabled, hardware.video-capture = disabled
    support.portal-permissionstore = disabled, script.client.access-portal = disabled
    support.logind = disabled, support.reserve-device = disabled
  }
}
`;

export const PIPEWIRE: SoundServer = {
  name: 'PipeWire',
  missing: missing(
    ['pipewire', 'pipewire-pulse', 'wireplumber', 'pactl', 'parec', 'pacat'],
    'pipewire pipewire-pulse wireplumber pulseaudio-utils',
  ),
  movesEveryStream: false,
  files(modules) {
    const loads = modules.map((args) => `{ cmd = "load-module" args = "${args}" flags = [ ] }`);
    return {
      'config/wireplumber/main.lua.d/90-enable-all.lua': WIREPLUMBER_0_4,
      'config/wireplumber/bluetooth.lua.d/90-enable-all.lua': '',
      'config/wireplumber/wireplumber.conf.d/test.conf': WIREPLUMBER_0_5,
      'config/pipewire/pipewire-pulse.conf.d/test.conf': `pulse.cmd = [ ${loads.join('\n')} ]`,
    };
  },
  processes: () => [
    { command: ['pipewire'], socket: 'pipewire-0' },
    { command: ['wireplumber'] },
    { command: ['pipewire-pulse'], socket: CLIENT_SOCKET },
  ],
};

export const SOUND_SERVERS: readonly SoundServer[] = [PULSEAUDIO, PIPEWIRE];
