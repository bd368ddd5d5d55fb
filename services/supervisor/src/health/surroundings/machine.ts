import type { Metrics } from '@understudy/shared/telemetry';

/** Of `node:os`. `freemem` is what the kernel calls available, caches included. */
export interface Machine {
  totalmem(): number;
  freemem(): number;
  cpus(): readonly { readonly times: Readonly<Record<'user' | 'nice' | 'sys' | 'idle' | 'irq', number>> }[];
}

interface ProcessorTime {
  readonly busy: number;
  readonly all: number;
}

function processorTime(machine: Machine): ProcessorTime {
  let all = 0;
  let idle = 0;
  for (const { times } of machine.cpus()) {
    all += times.user + times.nice + times.sys + times.idle + times.irq;
    idle += times.idle;
  }
  return { busy: all - idle, all };
}

/** Memory now, and the share of all processors that was used since the look before. */
export function createMachineLook(metrics: Pick<Metrics, 'set'>, machine: Machine) {
  let before = processorTime(machine);
  return (): void => {
    metrics.set('understudy_machine_memory_bytes', { kind: 'total' }, machine.totalmem());
    metrics.set('understudy_machine_memory_bytes', { kind: 'available' }, machine.freemem());
    const now = processorTime(machine);
    const passed = now.all - before.all;
    // Two looks within one tick of the kernel's clock say nothing.
    if (passed <= 0) return;
    const share = (now.busy - before.busy) / passed;
    metrics.set('understudy_machine_processor_share', {}, Math.min(1, Math.max(0, share)));
    before = now;
  };
}
