import { docker } from './docker.ts';

const PREFIX = 'understudy-test-';
const PROCESS = new RegExp(`^${PREFIX}(\\d+)$`);

/** A project of its own for each test process. */
export const projectName = (): string => `${PREFIX}${process.pid}`;

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Ends what a test process that was killed has left behind: it could not do it itself. */
export async function removeStaleProjects(): Promise<void> {
  const listed: { Name: string }[] = JSON.parse(await docker(['compose', 'ls', '--all', '--format', 'json']));
  const stale = listed.filter(({ Name }) => {
    const pid = PROCESS.exec(Name)?.[1];
    return pid !== undefined && !isRunning(Number(pid));
  });
  for (const { Name } of stale) await docker(['compose', '-p', Name, 'down', '-v', '--remove-orphans', '-t', '1']);
}
