import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig, type ResolvedConfig } from '../config/index.ts';
import {
  type Ceilings,
  combine,
  type ErrorEvent,
  effective,
  FULL_CEILINGS,
  type Observed,
  type SupervisedService,
  solveMode,
} from '../contracts/index.ts';
import { toServiceError } from '../errors/index.ts';
import { type Clock, systemClock } from '../service/clock.ts';
import type { ServiceContext } from '../service/service-context.ts';
import { createLogger, createMetrics } from '../telemetry/index.ts';
import { createFakeBus, type FakeBus } from './fake-bus.ts';

export interface FakeContext<S extends SupervisedService> extends ServiceContext<S> {
  readonly bus: FakeBus;
  readonly errors: ErrorEvent[];
  setCeilings(ceilings: Ceilings): void;
  setConfig(config: ResolvedConfig): void;
  abort(): void;
}

/** The skeleton's gifts without its process: real configuration, metrics and clock (unless given), a fake bus. */
export function createFakeContext<S extends SupervisedService>(
  name: S,
  options: { yaml?: string; clock?: Clock } = {},
): FakeContext<S> {
  const loaded = parseConfig(options.yaml ?? '', 'test.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  let config = loaded.config;
  let ceilings: Ceilings = FULL_CEILINGS;
  const observed: Observed = {};
  const bus = createFakeBus(name);
  const abort = new AbortController();
  const listeners: ((config: ResolvedConfig) => void)[] = [];
  const logger = createLogger({
    service: name,
    version: 'test',
    level: 'CRITICAL',
    console: 'off',
    sessionId: 'test-session',
  });
  const states = (extra?: Observed) => combine({ ...observed, ...extra }, ceilings);
  const context: FakeContext<S> = {
    name,
    instanceId: randomUUID(),
    version: 'test',
    dataFolder: mkdtempSync(join(tmpdir(), `understudy-${name}-`)),
    logger,
    metrics: createMetrics({ service: name, version: 'test' }),
    bus,
    clock: options.clock ?? systemClock,
    signal: abort.signal,
    errors: bus.errors,
    config: () => config,
    onConfig: (listener) => void listeners.push(listener),
    reportError(error, circumstances = {}) {
      const failure = toServiceError(error);
      const { subject, capability, context: facts, retryAfterMs } = failure.facts;
      const event: ErrorEvent = {
        id: randomUUID(),
        service: name,
        instanceId: context.instanceId,
        version: 'test',
        code: failure.code,
        message: failure.message,
        occurredAt: new Date(context.clock.now()).toISOString(),
        context: facts ?? {},
        ...(subject === undefined ? {} : { subject }),
        ...(capability === undefined ? {} : { capability }),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        ...circumstances,
      };
      bus.enqueueError(event);
      return event;
    },
    observe(capability, level, by) {
      observed[capability] = { level, by };
    },
    observed: () => ({ ...observed }),
    ceiling: (capability) => ceilings[capability],
    effective: (capability) => effective(states()[capability]),
    solveMode(extra) {
      const capabilities = states(extra);
      return { ...solveMode(capabilities, false), capabilities };
    },
    isSupervised: () => true,
    operation: () => {},
    setCeilings(next) {
      ceilings = next;
    },
    setConfig(next) {
      config = next;
      for (const listener of listeners) listener(next);
    },
    abort: () => abort.abort(),
  };
  return context;
}
