import type { ResolvedConfig } from '@understudy/shared/config';
import type { Incident, Limit, NotifyTest } from '@understudy/shared/contracts';
import type { Clock } from '@understudy/shared/service';
import type { Logger, Metrics } from '@understudy/shared/telemetry';
import { type ActionHands, createAlertActions } from './actions/alert-actions.ts';
import { alertOf } from './alertmanager/alert-of.ts';
import { createAlertPoster } from './alertmanager/alert-poster.ts';
import { createAlertmanagerClient } from './alertmanager/alertmanager-client.ts';
import { createNotifyTest } from './alertmanager/notify-test.ts';
import { isTellable } from './alertmanager/plan-posts.ts';
import { webhookNotices } from './alertmanager/webhook-notices.ts';
import type { Webhook } from './alertmanager/webhook-schema.ts';
import { consoleChannel, logFileChannel } from './channels.ts';
import { directNotice, type Notice, testNotice } from './notice.ts';
import { openNoticeHistory } from './notice-history.ts';
import { createNotifier } from './notifier.ts';
import { policyOf, settingsOf } from './policies.ts';

export interface NotifyOptions {
  readonly config: () => ResolvedConfig;
  /** Without it the supervisor tells by itself. */
  readonly alertmanagerUrl: string | undefined;
  readonly dataFolder: string;
  readonly logsFolder: string | undefined;
  readonly incidents: {
    open(): readonly Incident[];
    list(): readonly Incident[];
    get(id: string): Incident | undefined;
  };
  /** What holds of the mode now. */
  readonly limits: () => readonly Limit[];
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** What an alert's action may touch. */
  readonly hands: ActionHands;
  readonly onError: (error: unknown) => void;
}

const TOLD_BY_ONESELF =
  'No Alertmanager is configured, so nobody is told elsewhere: the test stands on the console and in GET /v1/notices. docker compose up brings one.';

/** The room's parts, wired. One author for each notice: Alertmanager where there is one within reach, else the supervisor. */
export function createNotify(options: NotifyOptions) {
  const { config, incidents, logger, metrics, clock, onError } = options;
  const { now } = clock;
  const history = openNoticeHistory(options.dataFolder, onError);
  const file = options.logsFolder === undefined ? undefined : logFileChannel(options.logsFolder);
  const tell = createNotifier({
    alerts: () => config().alerts,
    channels: { console: consoleChannel(logger), log_file: (notice) => file?.write(notice) },
    history,
    now,
    count: (channel, result) => metrics.inc('understudy_notices_total', { channel, result }),
    onError,
  });
  const isEnabled = (incident: Incident) => settingsOf(config().alerts, policyOf(incident)).enabled;
  const runbooks = () => config().notifications.runbook_base_url;
  const describe = (incident: Incident) =>
    alertOf(incident, {
      limits: options.limits(),
      // As the operator's browser reaches it, wherever the supervisor runs.
      origin: `http://127.0.0.1:${config().http.ports.supervisor}`,
      runbooks: runbooks(),
    });

  const client = options.alertmanagerUrl === undefined ? undefined : createAlertmanagerClient(options.alertmanagerUrl);
  const tellByOneself = (error: unknown) => {
    logger.warning('Alertmanager is out of reach; the supervisor tells by itself', { err: error });
    const untold = incidents.open().filter(({ id }) => !poster?.knows(id));
    for (const incident of untold) if (isTellable(incident, isEnabled)) tell(directNotice(incident, 'opened'));
  };
  const poster =
    client &&
    createAlertPoster({
      client,
      open: incidents.open,
      list: incidents.list,
      find: incidents.get,
      isEnabled,
      describe,
      now,
      random: Math.random,
      onPosted: (result, alerts) =>
        metrics.inc('understudy_notices_total', { channel: 'alertmanager', result }, alerts),
      onReachable: (up) => metrics.set('understudy_dependency_up', { dependency: 'alertmanager' }, up ? 1 : 0),
      onAway: tellByOneself,
      onBack: () => logger.info('Alertmanager is back and tells again'),
    });

  const act = createAlertActions({
    ...options.hands,
    settings: () => config().alert_actions,
    commandTimeoutMs: () => config().recovery.command_timeout_ms,
    open: incidents.open,
    now,
    count: (action, result) => metrics.inc('understudy_alert_actions_total', { action, result }),
    logger,
    onError,
  });
  const notifyTest = client && createNotifyTest({ client, clock, runbooks });

  return {
    history,
    /** A step's notice, from the pipeline. */
    notify(notice: Notice): void {
      if (!poster?.isAuthor()) tell(notice);
    },
    /** An incident changed. */
    changed: () => void poster?.wake(),
    /** Alertmanager's webhook: what it tells is written on the user's channels. */
    takeWebhook(webhook: Webhook): void {
      notifyTest?.noteWebhook(webhook);
      act(webhook);
      for (const notice of webhookNotices(webhook, incidents.get)) tell(notice);
      if (webhook.truncatedAlerts)
        logger.warning('Alertmanager left alerts out of its webhook', { context: { count: webhook.truncatedAlerts } });
    },
    /** One notice to every receiver, and what became of it. */
    async test(): Promise<NotifyTest> {
      if (notifyTest) return notifyTest.run();
      tell(testNotice(now()));
      return { ok: true, words: TOLD_BY_ONESELF, deliveries: [] };
    },
    /** The incidents have been read. */
    begin: () => poster?.begin(),
    async stop(): Promise<void> {
      await poster?.stop();
      file?.close();
    },
  };
}
export type Notify = ReturnType<typeof createNotify>;
