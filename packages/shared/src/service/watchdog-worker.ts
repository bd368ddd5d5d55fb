import { appendFileSync, mkdirSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { workerData } from 'node:worker_threads';
import { mainThreadStack } from './main-thread-stack.ts';
import { readProcessorTime } from './read-processor-time.ts';
import { createStallDetector } from './stall-detector.ts';
import { createWatchdogReader } from './watchdog-memory.ts';
import type { WatchdogReport } from './watchdog-report.ts';

export interface WatchdogWorkerData {
  readonly memory: SharedArrayBuffer;
  readonly thresholdMs: number;
  readonly pollMs: number;
  readonly stackTimeoutMs: number;
  readonly service: string;
  readonly report: string;
}

/** A killed process is gone long before; only process 1 of a container ignores the signal. */
const SURVIVED_AFTER_MS = 1000;
const STDERR = 2;

const { memory, thresholdMs, pollMs, stackTimeoutMs, service, report }: WatchdogWorkerData = workerData;
const reader = createWatchdogReader(memory);
const detector = createStallDetector(pollMs);

/** In the shape of the log lines; the logger lives on the thread that is stuck. */
function writeStderr(message: string, at: string, context: object): void {
  const line = {
    level: 'CRITICAL',
    timestamp: at,
    service,
    module: 'watchdog',
    error_code: 'EVENT_LOOP_BLOCKED',
    context,
    session_id: null,
    user_id: null,
    performance_data: null,
    message,
  };
  try {
    writeSync(STDERR, `${JSON.stringify(line)}\n`);
  } catch {
    // Nobody reads; the report file has it.
  }
}

function leaveReport(left: WatchdogReport): void {
  try {
    mkdirSync(dirname(report), { recursive: true });
    appendFileSync(report, `${JSON.stringify(left)}\n`);
  } catch (error) {
    writeStderr('Watchdog report could not be written', left.at, { path: report, reason: String(error) });
  }
}

async function endProcess(blockedMs: number): Promise<void> {
  const stack = await mainThreadStack(stackTimeoutMs);
  const at = new Date().toISOString();
  const left: WatchdogReport = {
    code: 'EVENT_LOOP_BLOCKED',
    service,
    pid: process.pid,
    at,
    blockedMs: Math.round(blockedMs),
    thresholdMs,
    operation: reader.operation() || null,
    stack,
  };
  leaveReport(left);
  writeStderr('Event loop is blocked, the process is ended', at, left);
  process.kill(process.pid, 'SIGKILL');
  setTimeout(
    () =>
      writeStderr('Process ignores the kill: run the container with `init: true`, process 1 cannot kill itself', at, {
        pid: process.pid,
      }),
    SURVIVED_AFTER_MS,
  );
}

const timer = setInterval(() => {
  // The main thread has the number of its process. Read before the clock: what it waits between the two is then told at the next look, never lost.
  const processor = readProcessorTime(process.pid, process.pid);
  const stalledMs = detector.look({ beats: reader.beats(), now: performance.now(), processor });
  if (stalledMs < thresholdMs) return;
  clearInterval(timer);
  void endProcess(stalledMs);
}, pollMs);
