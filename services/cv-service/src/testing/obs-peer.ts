import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const has = (program: string): boolean => spawnSync('which', [program]).status === 0;

/** Why no real OBS can be run here; `false` when it can. */
export const whyNoObs = (): string | false =>
  has('obs') && has('Xvfb') ? false : 'obs-studio or Xvfb is not installed (apt install obs-studio xvfb)';

export interface ObsPeer {
  kill(): Promise<void>;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** A real OBS on a display of its own, in a home of its own, with its WebSocket server on `port`. */
export async function startObs(port: number, password: string): Promise<ObsPeer> {
  const home = mkdtempSync(join(tmpdir(), 'understudy-obs-'));
  const folder = join(home, '.config/obs-studio');
  mkdirSync(folder, { recursive: true });
  const general = '[General]\nFirstRun=true\nLastVersion=486539266\nEnableAutoUpdates=false\n';
  const server = `[OBSWebSocket]\nFirstLoad=false\nServerEnabled=true\nServerPort=${port}\nAlertsEnabled=false\nAuthRequired=true\nServerPassword=${password}\n`;
  writeFileSync(join(folder, 'global.ini'), `${general}\n${server}`);
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x768x24'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const display = await new Promise<string>((resolve, reject) => {
    screen.stdio[3]?.once('data', (data: Buffer) => resolve(data.toString().trim()));
    screen.once('exit', () => reject(new Error('Xvfb ended before it had a display')));
  });
  const obs = spawn('obs', ['--multi', '--minimize-to-tray', '--disable-shutdown-check'], {
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      XDG_RUNTIME_DIR: home,
      DISPLAY: `:${display}`,
      LIBGL_ALWAYS_SOFTWARE: '1',
      QT_QPA_PLATFORM: 'xcb',
    },
    stdio: 'ignore',
  });
  return {
    async kill() {
      await end(obs);
      await end(screen);
    },
  };
}
