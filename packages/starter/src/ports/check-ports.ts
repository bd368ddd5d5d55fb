import { describeRefusedPort, findPortOwner } from '@understudy/shared/service';
import { StartRefusedError } from '../start-refused-error.ts';
import type { PlannedPort } from './planned-ports.ts';
import { whyPortIsTaken } from './why-port-is-taken.ts';

/** @throws StartRefusedError that names every port which cannot be opened, its owner and its setting */
export async function checkPorts(ports: readonly PlannedPort[], configFile: string): Promise<void> {
  const problems: string[] = twiceNamed(ports);
  for (const port of ports) {
    const reason = await whyPortIsTaken(port);
    if (reason === undefined) continue;
    const owner = reason === 'EADDRINUSE' ? await findPortOwner(port.protocol, port.port) : undefined;
    problems.push(`${describeRefusedPort(port, reason, owner)}.`);
  }
  if (problems.length === 0) return;
  throw new StartRefusedError(`Nothing was started.\n${problems.join('\n')}\nSettings are in ${configFile}.`, 1);
}

/** Two settings on one port would each find it free now, and one of them taken a moment later. */
function twiceNamed(ports: readonly PlannedPort[]): string[] {
  const first = new Map<string, PlannedPort>();
  return ports.flatMap((port) => {
    const key = `${port.protocol} ${port.host} ${port.port}`;
    const other = first.get(key);
    if (!other) first.set(key, port);
    return other
      ? [
          `${port.protocol.toUpperCase()} port ${port.port} is named twice: ${other.setting} and ${port.setting}. Change one.`,
        ]
      : [];
  });
}
