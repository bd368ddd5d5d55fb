import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When the process was born, in the system's own words: with its id it names one process for ever, although ids are given again.
 * @returns `undefined` when there is no such process, or the system does not tell
 */
export function processBirth(pid: number, platform: NodeJS.Platform = process.platform): string | undefined {
  try {
    return BIRTH[platform === 'linux' || platform === 'win32' ? platform : 'posix'](pid) || undefined;
  } catch {
    return undefined;
  }
}

const BIRTH = {
  /** Clock ticks since the boot, and which boot (proc(5)). */
  linux: (pid: number) => {
    const ticks = parseStartTicks(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return ticks && `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${ticks}`;
  },
  posix: (pid: number) => ask('ps', ['-o', 'lstart=', '-p', String(pid)]),
  win32: (pid: number) =>
    ask('powershell', ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`]),
};

const ask = (file: string, args: string[]): string =>
  execFileSync(file, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 5000,
    windowsHide: true,
  }).trim();

/** Field 22 of /proc/PID/stat; the name in brackets before it may hold spaces and brackets. A zombie (state Z) runs no more. */
export function parseStartTicks(stat: string): string | undefined {
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : rest[18];
}
