import { join } from 'node:path';
import { inThisMode } from '@understudy/shared/config';
import {
  createValidator,
  kvKeys,
  ObservedSchema,
  SUPERVISED_SERVICES,
  type SupervisedService,
} from '@understudy/shared/contracts';
import { isErrorCode, ServiceError } from '@understudy/shared/errors';
import { createHub } from '@understudy/shared/messaging';
import {
  countError,
  createErrorReporter,
  createFaults,
  createHttpApp,
  createReload,
  type Foundation,
  faultRoute,
  guardRules,
  memoryLimit,
  skeletonProbes,
  systemClock,
} from '@understudy/shared/service';
import { traceHeaders, withSpan } from '@understudy/shared/telemetry';
import { createHealth } from './health/create-health.ts';
import { createSurroundings } from './health/surroundings/create-surroundings.ts';
import { countRejected } from './intake/count-rejected.ts';
import { type Finding, toErrorEvent } from './intake/front-door.ts';
import { createSeenIds } from './intake/seen-ids.ts';
import { readMonitoringEnvironment } from './monitoring/monitoring-environment.ts';
import { keptConfiguration, readAgain } from './monitoring/read-again.ts';
import { renderAgain } from './monitoring/render-again.ts';
import { watchRendered } from './monitoring/watch-rendered.ts';
import { createNotify } from './notify/create-notify.ts';
import { operatorActions } from './operator-actions.ts';
import { createPipeline } from './pipeline.ts';
import { createIncidentStore } from './record/incident-store.ts';
import { measureIncidents } from './record/measure-incidents.ts';
import { observeSteps } from './record/observe-steps.ts';
import { createRecoveryExecutor } from './recover/recovery-executor.ts';
import { actionRoutes } from './routes/action-routes.ts';
import { eventsRoute } from './routes/events-route.ts';
import { incidentRoutes } from './routes/incident-routes.ts';
import { noticeRoutes } from './routes/notice-routes.ts';
import { overlayRoute } from './routes/overlay-route.ts';
import { runbookRoute } from './routes/runbook-route.ts';
import { statusRoute } from './routes/status-route.ts';
import { proveSelf } from './self-proofs.ts';

const DAY_MS = 86_400_000;

const checkObserved = createValidator(ObservedSchema);

/** Commands leave first: lines, counts and notices of a step wait for the next turn of the event loop, in their order. */
const afterwards = (tell: () => void): void => void setImmediate(tell);

/** Builds the rooms and wires them; decides nothing. */
export async function createSupervisor(foundation: Foundation, crash: (error: unknown) => void) {
  const { config, logger, metrics, environment, instanceId, version, startedAt } = foundation;
  const clock = systemClock;
  const { now } = clock;
  const abort = new AbortController();
  const author = { instanceId, version, now };

  const hub = createHub({
    bot: config.current().bot,
    address: { url: environment.natsUrl, user: 'supervisor', password: environment.natsPassword },
    spoolFile: join(environment.dataFolder, 'spool.jsonl'),
    onRejected: countRejected(metrics, config.current().bot, foundation.onRejected),
    onHandlerError: (error) => logger.error('A message could not be handled', { err: error }),
  });
  const store = createIncidentStore(hub, now, (text) => inThisMode(text));
  const seen = createSeenIds();
  const onError = (error: unknown) => logger.error('A recovery met a defect', { err: error });

  const ownProbes = skeletonProbes({
    service: 'supervisor',
    config,
    clock,
    state: () => 'ready',
    isConnected: hub.isConnected,
    dataFolder: environment.dataFolder,
  });

  const executor = createRecoveryExecutor({
    ledger: store,
    owners: { command: hub.request, proveSelf: proveSelf(ownProbes) },
    policy: () => config.current().recovery,
    clock,
    random: Math.random,
    async park(service, parked) {
      await hub.writeKey(kvKeys.parked(service), parked);
      const id = `park-${parked.incidentId ?? instanceId}`.slice(0, 64);
      await hub.request(service, {
        id,
        service,
        verb: 'recycle',
        args: {},
        deadlineMs: config.current().recovery.command_timeout_ms,
      });
    },
    stillFails: ({ service, code, subject, capability }, detail) =>
      raise({
        service,
        code: isErrorCode(code) ? code : 'UNEXPECTED_ERROR',
        message: `It still fails: ${detail}`,
        ...(subject === undefined ? {} : { subject }),
        ...(capability === undefined ? {} : { capability }),
      }),
    inTrace: (incident, name, work) =>
      withSpan(
        name,
        {
          keep: true,
          ...(incident.traceparent ? { parent: { traceparent: incident.traceparent } } : {}),
          attributes: { 'understudy.incident_id': incident.id },
        },
        work,
      ),
    onError,
  });

  const notify = createNotify({
    config: config.current,
    alertmanagerUrl: environment.alertmanagerUrl,
    dataFolder: environment.dataFolder,
    logsFolder: environment.logsFolder,
    incidents: store,
    limits: () => health.mode.current().limits,
    logger,
    metrics,
    clock,
    hands: {
      ask: hub.request,
      reload: () => operator.reload(),
      takeAction: executor.takeAction,
      append: store.append,
    },
    onError,
  });

  const handleErrorEvent = createPipeline({
    seen,
    record: store,
    recover: executor,
    notify: (notice) => afterwards(() => notify.notify(notice)),
    policy: () => ({ reopenWithinMs: config.current().recovery.reopen_within_ms }),
    now,
    onDecision: (error, decision, at) =>
      afterwards(() => {
        metrics.inc('understudy_decisions_total', { type: decision.type });
        metrics.observe(
          'understudy_detection_duration_seconds',
          {},
          Math.max(0, at - Date.parse(error.event.occurredAt)) / 1000,
        );
        logger.info('Decided', {
          error_code: error.event.code,
          context: {
            decision: decision.type,
            reason: decision.reason,
            error_id: error.event.id,
            fingerprint: error.fingerprint,
          },
        });
      }),
  });
  const raise = (finding: Finding) => {
    const handle = () => {
      logger.warning(finding.message, {
        error_code: finding.code,
        context: { service: finding.service, ...finding.context },
      });
      countError(metrics, finding.code);
      return handleErrorEvent(toErrorEvent(finding, author), traceHeaders().traceparent);
    };
    void withSpan('supervisor finding', { keep: true, parent: {} }, handle).catch(onError);
  };

  const health = createHealth({
    config: config.current,
    hub,
    open: store.open,
    metrics,
    now,
    raise,
    onChanged: executor.wake,
    onError,
  });
  const surroundings = createSurroundings({ config: config.current, environment, hub, metrics, logger, clock });
  const observe = observeSteps(logger, metrics);
  measureIncidents(metrics, store.open());
  store.onStep((incident, step) =>
    afterwards(() => {
      observe(incident, step);
      measureIncidents(metrics, store.open());
      health.mode.refresh();
      notify.changed();
    }),
  );

  const reportError = createErrorReporter({
    service: 'supervisor',
    instanceId,
    version,
    now,
    logger,
    metrics,
    details: () => config.current().logging.errors,
    publish: (event) => void handleErrorEvent(event, traceHeaders().traceparent).catch(onError),
  });
  const reloadSelf = createReload(config, reportError);
  const monitoring = readMonitoringEnvironment(process.env);
  if (monitoring) {
    config.onChange((next) => {
      try {
        renderAgain(next, monitoring.renderedFolder);
      } catch (error) {
        reportError(keptConfiguration(error));
      }
    });
    const onFailure = (error: unknown) => {
      if (error instanceof ServiceError) reportError(error);
      else logger.warning('Prometheus or Alertmanager is away and has not read its files yet', { err: error });
    };
    void watchRendered({ environment: monitoring, clock, signal: abort.signal, readAgain, onFailure });
  }
  const operator = operatorActions({ hub, store, executor: () => executor, reloadSelf, now });

  /** Whoever restarts while all is well must not say for a second that nobody hears or speaks. */
  const recallObserved = async (service: SupervisedService): Promise<void> => {
    const checked = checkObserved(await hub.readKey(kvKeys.observed(service)).catch(() => undefined));
    if (checked.ok) health.recall(service, checked.value);
  };

  let ready = false;
  const app = await createHttpApp({
    service: 'supervisor',
    version,
    metrics,
    rules: guardRules(config, environment.token),
    notReady: () => (ready ? undefined : 'NATS has not been reached yet'),
    onError: (error) => void reportError(error),
  });
  statusRoute(app, {
    config: config.current,
    mode: health.mode.current,
    pulses: health.pulses,
    open: store.open,
    limits: health.limits,
    isConnected: hub.isConnected,
    startedAt,
    now,
  });
  incidentRoutes(app, store);
  noticeRoutes(app, notify);
  eventsRoute(app, { onStep: store.onStep, onMode: health.mode.onChange, mode: health.mode.current });
  overlayRoute(app);
  runbookRoute(app);
  actionRoutes(app, operator);
  if (environment.faultsEnabled) {
    const faults = createFaults({
      service: 'supervisor',
      dataFolder: environment.dataFolder,
      clock,
      signal: abort.signal,
      config,
      memoryThresholdBytes: () => memoryLimit(config.current(), 'supervisor').thresholdBytes,
      reload: () => void reloadSelf(),
      crash: (reason) => crash(new Error(reason)),
      injectOwn: undefined,
    });
    faultRoute(app, faults, logger, metrics);
  }

  const daily = setInterval(() => void store.snapshotOld().catch(onError), DAY_MS);
  daily.unref();

  return {
    app,
    reportError,
    /** The stream is read before the first error is: what was done is not done again. */
    async begin(): Promise<void> {
      await hub.ready;
      await store.load();
      for (const { errorIds } of store.list().reverse()) for (const id of errorIds) seen.add(id);
      measureIncidents(metrics, store.open());
      executor.resumeAll();
      hub.consumeErrors((event, { trace }) =>
        withSpan(
          'supervisor handle error',
          { keep: true, kind: 'consumer', parent: trace, attributes: { 'understudy.error_code': event.code } },
          () => handleErrorEvent(event, traceHeaders().traceparent),
        ),
      );
      await Promise.all(SUPERVISED_SERVICES.map(recallObserved));
      health.begin();
      notify.begin();
      ready = true;
    },
    /** The reverse of the start. */
    steps: [
      () => {
        ready = false;
        health.stop();
        surroundings.stop();
        clearInterval(daily);
        abort.abort();
      },
      () => executor.stop(),
      () => notify.stop(),
      () => app.close(),
      () => hub.close(),
    ],
  };
}
