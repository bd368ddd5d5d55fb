import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { searchFolders } from './servers/find-server.ts';
import { aptRights, installWithApt } from './servers/install-with-apt.ts';

interface TestProgram {
  /** Any of them does. */
  readonly executables: readonly string[];
  readonly aptPackages: readonly string[];
  /** What is not tested without it. */
  readonly for: string;
}

/** The foreign programs that tests of real parts talk to. Only tests need them, and each test says so where its program is missing. */
export const TEST_PROGRAMS: readonly TestProgram[] = [
  {
    executables: ['chromium', 'chromium-browser', 'google-chrome'],
    aptPackages: ['chromium'],
    for: 'the overlay in a browser',
  },
  { executables: ['pulseaudio'], aptPackages: ['pulseaudio'], for: 'real sound devices' },
  { executables: ['pactl'], aptPackages: ['pulseaudio-utils'], for: 'real sound devices' },
  { executables: ['pipewire-pulse'], aptPackages: ['pipewire-pulse'], for: 'real sound devices of PipeWire' },
  { executables: ['wireplumber'], aptPackages: ['wireplumber'], for: 'real sound devices of PipeWire' },
  { executables: ['espeak-ng'], aptPackages: ['espeak-ng'], for: 'real speech' },
  {
    executables: ['pocketsphinx_continuous'],
    aptPackages: ['pocketsphinx', 'pocketsphinx-en-us'],
    for: 'a real transcription',
  },
  { executables: ['ffmpeg'], aptPackages: ['ffmpeg'], for: 'video files and RTSP' },
  { executables: ['oscsend'], aptPackages: ['liblo-tools'], for: 'a foreign OSC peer' },
  { executables: ['obs'], aptPackages: ['obs-studio', 'obs-plugins'], for: 'screenshots of OBS' },
  { executables: ['Xvfb'], aptPackages: ['xvfb'], for: 'screenshots of OBS' },
  { executables: ['pip3'], aptPackages: ['python3-pip'], for: 'a real model server, which pip brings' },
];

/** Installs what is missing, where that needs nobody's password; else says what will not be tested. */
export async function ensureTestPrograms(say: (line: string) => void): Promise<void> {
  const folders = searchFolders();
  const missing = TEST_PROGRAMS.filter(({ executables }) => !executables.some((name) => isThere(name, folders)));
  if (missing.length === 0) return;
  const notTested = (why: string): void => {
    for (const program of missing) say(`NOT TESTED: ${program.for}: ${program.executables[0]} ${why}`);
  };
  const rights = await aptRights();
  if (rights === 'none') return notTested('is not on this machine.');
  const packages = missing.flatMap(({ aptPackages }) => aptPackages);
  say(`installing ${packages.join(', ')} by apt, for the tests with real programs`);
  const failure = await installWithApt(packages, rights);
  if (failure !== undefined) notTested(`could not be installed by apt: ${failure}`);
}

function isThere(name: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
