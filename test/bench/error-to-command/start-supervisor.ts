import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Incident } from '@understudy/shared/contracts';
import { freePort, startProcess, type TestNats, waitFor } from '@understudy/shared/testing';

const MAIN = fileURLToPath(new URL('../../../services/supervisor/src/main.ts', import.meta.url));

/** No service but the bench's own is there, and nobody should miss them; the budget of actions would end the bench. */
const configOf = (port: number) => `http: { ports: { supervisor: ${port} } }
recovery: { actions_per_hour: 1000000 }
health: { start_grace_ms: 86400000 }
`;

/** The supervisor as `npm start` runs it: a process of its own, its log file written. */
export async function startSupervisor(nats: TestNats) {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
  const port = await freePort();
  const configFile = join(folder, 'understudy.yaml');
  writeFileSync(configFile, configOf(port));
  const supervisor = startProcess(MAIN, {
    UNDERSTUDY_CONFIG: configFile,
    UNDERSTUDY_DATA: folder,
    UNDERSTUDY_LOGS: join(folder, 'logs'),
    UNDERSTUDY_NATS_URL: nats.url,
    UNDERSTUDY_NATS_PASSWORD: nats.passwords.supervisor,
    UNDERSTUDY_TOKEN: 'a-token-of-the-bench',
    UNDERSTUDY_CONSOLE: 'off',
  });
  await supervisor.said('ready');
  const resolvedBy = async (errorId: string): Promise<boolean> => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/incidents?error=${errorId}&state=resolved`);
    const { incidents } = (await answer.json()) as { incidents: Incident[] };
    return incidents.length > 0;
  };
  return {
    whenResolved: (errorId: string) => waitFor(() => resolvedBy(errorId), `the incident of ${errorId} to be resolved`),
    async stop() {
      supervisor.kill('SIGTERM');
      await supervisor.ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type RunningSupervisor = Awaited<ReturnType<typeof startSupervisor>>;
