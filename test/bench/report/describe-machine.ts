import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem, type } from 'node:os';

/** Where a table was measured; a busy machine says so itself. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly natsServer: string;
  /** Runnable processes over the last minute, before the run; what is above 0 was other people's work. Always 0 on Windows. */
  readonly load: number;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: `${type()} ${process.arch}`,
    node: process.version,
    natsServer: execFileSync('nats-server', ['--version'], { encoding: 'utf8' }).trim(),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}
