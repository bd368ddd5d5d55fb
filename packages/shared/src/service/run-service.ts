import { join } from 'node:path';
import { type Capability, kvKeys, SERVICES, type ServiceState, type SupervisedService } from '../contracts/index.ts';
import { ServiceError } from '../errors/index.ts';
import { createServiceBus } from '../messaging/index.ts';
import { withSpan } from '../telemetry/index.ts';
import { monotonicClock, systemClock } from './clock.ts';
import { createCommandTable } from './common-commands.ts';
import { createReload, guardRules } from './config-reload.ts';
import { createErrorReporter } from './error-reporter.ts';
import { faultRoute } from './fault-route.ts';
import { createFaults } from './faults.ts';
import { layFoundation } from './foundation.ts';
import { drainOnRequest } from './graceful-shutdown.ts';
import { startHeartbeats } from './heartbeats.ts';
import { createHttpApp } from './http-app.ts';
import { memoryLimit } from './memory-limit.ts';
import type { Compose, ServiceContext, ServiceParts } from './service-context.ts';
import { skeletonProbes } from './skeleton-probes.ts';
import { slowOperations } from './slow-operations.ts';
import { createStage } from './stage.ts';
import { askPermit } from './start-permit.ts';
import { startWatchdog, takeWatchdogReport } from './watchdog.ts';
import { blockedError } from './watchdog-error.ts';

/** The process of one supervised service: the skeleton around `compose`. Reads top to bottom as a start goes. */
export async function runService<S extends SupervisedService>(name: S, compose: Compose<S>): Promise<void> {
  const clock = systemClock;
  const foundation = await layFoundation(name);
  const { environment, ledger, config, metrics, instanceId, version, startedAt } = foundation;
  const { dataFolder } = environment;
  const watchdogFile = join(dataFolder, 'watchdog.json');
  const blocked = takeWatchdogReport(watchdogFile);
  const abort = new AbortController();
  const unparked = new AbortController();
  let parts: ServiceParts<S> | undefined;
  let state: ServiceState = 'starting';

  const stage = createStage({
    owned: SERVICES[name].capabilities,
    ceilings: ledger.current().ceilings,
    now: monotonicClock.now,
    silentAfterMs: () => config.current().health.supervisor_silent_ms,
    onObserved: (observed) => {
      bus.writeKey(kvKeys.observed(name), observed);
      heartbeats.beat();
    },
    onCeiling: (capability, ceiling) => {
      ledger.keep({ ceilings: stage.ceilings() });
      parts?.onCeiling?.(capability, ceiling);
    },
  });
  const reportError = createErrorReporter({
    service: name,
    instanceId,
    version,
    now: clock.now,
    logger: foundation.logger,
    metrics,
    details: () => config.current().logging.errors,
    publish: (event) => bus.enqueueError(event),
  });
  const logger = slowOperations(foundation.logger, () => config.current().logging.performance, reportError);
  const bus = createServiceBus({
    bot: config.current().bot,
    service: name,
    address: { url: environment.natsUrl, user: name, password: environment.natsPassword },
    outboxFile: join(dataFolder, 'outbox.jsonl'),
    observed: stage.observed,
    onRejected: foundation.onRejected,
    onOutboxDropped: () => metrics.inc('understudy_outbox_dropped_total'),
    onHandlerError: reportError,
  });
  const limit = () => memoryLimit(config.current(), name);
  const heartbeats = startHeartbeats({
    intervalMs: config.current().health.heartbeat_interval_ms,
    metrics,
    send: bus.publishHeartbeat,
    state: () => state,
    facts: () => ({
      service: name,
      instanceId,
      version,
      startedAt,
      observed: stage.observed(),
      outboxPending: bus.outboxPending(),
      limitBytes: limit().limitBytes,
    }),
  });
  bus.subscribe('mode', stage.onModeChange);
  bus.onConnection((connected) => {
    if (connected) setImmediate(() => heartbeats.beat());
  });
  const watchdog = startWatchdog({
    thresholdMs: config.current().health.event_loop_blocked_ms,
    service: name,
    report: watchdogFile,
    onFailure: reportError,
  });

  const drain = drainOnRequest({
    onError: reportError,
    steps: [
      () => {
        state = 'draining';
        heartbeats.stop();
        abort.abort();
      },
      () => parts?.stop(),
      () => app.close(),
      () => ledger.keep({ endedCleanly: true }),
      () => bus.close(),
      () => foundation.tracing.shutdown(),
      () => watchdog.stop(),
      () => logger.close(),
    ],
  });
  const crash = (error: unknown) => {
    reportError(error);
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', (error) => void reportError(error));

  const reload = createReload(config, reportError);
  const answer = createCommandTable({
    service: name,
    parts: () => parts,
    skeletonProbes: skeletonProbes({
      service: name,
      config,
      clock,
      state: () => state,
      isConnected: bus.isConnected,
      dataFolder,
    }),
    setCeiling: (capability, level, by) => stage.setCeiling(capability, { level, by }),
    recycle: () => {
      const safe = parts?.safeMoment?.(abort.signal) ?? Promise.resolve();
      void safe.catch(() => undefined).then(() => drain());
    },
    reload,
    resume: () => {
      ledger.keep({ parked: undefined, starts: [] });
      unparked.abort();
      return { ok: true, detail: `${name} resumes` };
    },
    observed: stage.observed,
  });
  bus.answerCommands((command, { trace }) =>
    withSpan(
      `${name} ${command.verb}`,
      { kind: 'consumer', parent: trace, attributes: { 'understudy.command': command.verb } },
      () => answer(command),
    ),
  );

  const faults = createFaults({
    service: name,
    dataFolder,
    clock,
    signal: abort.signal,
    config,
    memoryThresholdBytes: () => limit().thresholdBytes,
    reload: () => void reload(),
    crash: (reason) => crash(new Error(reason)),
    injectOwn: (request) => {
      if (parts?.injectFault) return parts.injectFault(request);
      return Promise.reject(new Error(`${name} is ${state} and cannot suffer ${request.fault} now`));
    },
  });
  const app = await createHttpApp({
    service: name,
    version,
    metrics,
    rules: guardRules(config, environment.token),
    notReady: () => (state === 'ready' ? parts?.notReady?.() : `${name} is ${state}`),
    onError: reportError,
  });
  if (environment.faultsEnabled) faultRoute(app, faults, logger, metrics);
  const listen = async () => {
    const { host, ports } = config.current().http;
    await app.listen({ host, port: ports[name] });
    process.send?.({ type: 'listening' });
  };

  const { parked, ceilings } = await askPermit(name, bus, ledger, clock);
  if (ceilings) {
    for (const [capability, ceiling] of Object.entries(ceilings)) stage.setCeiling(capability as Capability, ceiling);
  }
  if (blocked) reportError(blockedError(name, blocked));
  else if (ledger.crashedBefore) {
    reportError(new ServiceError('SERVICE_CRASHED', `${name} ended without draining and was started again`));
  }
  if (parked) {
    state = 'parked';
    logger.critical('Parked', { context: { ...parked } });
    await listen();
    process.send?.({ type: 'ready' });
    await clock.sleep(Math.max(0, Date.parse(parked.until) - clock.now()), unparked.signal).catch(() => undefined);
    // What it opens is decided by a fresh start; whoever started this process starts the next.
    return drain();
  }

  const context: ServiceContext<S> = {
    name,
    instanceId,
    version,
    dataFolder,
    logger,
    metrics,
    bus,
    clock,
    signal: abort.signal,
    config: config.current,
    onConfig: config.onChange,
    reportError,
    observe: stage.observe,
    observed: stage.observed,
    ceiling: (capability) => stage.ceilings()[capability],
    effective: stage.effective,
    solveMode: stage.solveMode,
    isSupervised: stage.isSupervised,
    operation: watchdog.operation,
  };
  parts = await compose(context);
  parts.routes?.(app);
  await listen();
  faults.resume();
  state = 'ready';
  heartbeats.beat();
  process.send?.({ type: 'ready' });
  logger.info('Ready', { context: { port: config.current().http.ports[name], supervised: stage.isSupervised() } });
}
