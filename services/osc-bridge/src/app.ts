import type { LevelBy } from '@understudy/shared/contracts';
import { type Compose, monotonicClock as clock } from '@understudy/shared/service';
import { judgeAct } from './act-level.ts';
import { createActing } from './acting.ts';
import { createAvatarSync } from './avatar-sync.ts';
import { createDispatch } from './dispatch.ts';
import { createEcho } from './link/echo.ts';
import { createLinkWatch } from './link/link-watch.ts';
import { listedAs } from './link/listed-as.ts';
import { measureLink } from './link/measure-link.ts';
import { type LinkReactions, reactToLink } from './link/react-to-link.ts';
import { reportLink } from './link/report-link.ts';
import { createOpenFailures } from './open-failures.ts';
import { createIncoming } from './osc/incoming.ts';
import { createOscConnection } from './osc/osc-connection.ts';
import type { OscMessage } from './osc/osc-message.ts';
import { createOscQuery } from './osc-query/osc-query.ts';
import { readAvatarFile } from './parameters/avatar-file.ts';
import { createAvatarParameters } from './parameters/avatar-parameters.ts';
import { runPulse } from './pulse.ts';
import { createReconnecting } from './reconnecting.ts';
import { createCommandHandlers, createProbes } from './recovery-handlers.ts';
import { judgeDelivery } from './replies/judge-delivery.ts';
import { createReplySink } from './replies/reply-sink.ts';
import { registerActRoute } from './routes/act-route.ts';
import { whyNotAct } from './routes/why-not-act.ts';
import { linkLimits, lossFacts, oscQueryEndpoint, oscSettings } from './settings.ts';
import { createVrchatLog } from './vrchat-log/vrchat-log.ts';

const SAFE_MOMENT_POLL_MS = 100;

export const compose: Compose<'osc-bridge'> = async (context) => {
  const { metrics, logger, bus, config } = context;
  const { now } = clock;
  const vrchat = () => config().vrchat;
  const ended = new AbortController();
  const { signal } = ended;
  const failures = createOpenFailures((error) => context.reportError(error));
  const parameters = createAvatarParameters();

  const osc = createOscConnection({
    settings: () => oscSettings(config()),
    now,
    failures,
    onDatagram: (datagram) => incoming.onDatagram(datagram),
  });
  const countSent = metrics.bindCounter('understudy_osc_messages_total', { direction: 'out' });
  const send = async (message: OscMessage): Promise<boolean> => {
    const sent = await osc.send(message);
    if (sent) countSent();
    return sent;
  };
  const vrchatLog = createVrchatLog({ now, folder: () => vrchat().log_folder });
  const oscQuery = createOscQuery(() => oscQueryEndpoint(config(), vrchatLog.oscQueryPort()));
  const facts = () => lossFacts(config(), oscQuery.advertisedPort());
  let lagMs = 0;
  const acting = createActing({ context, now, parameters, send, lagMs: () => lagMs });
  const echo = createEcho({
    clock,
    oscQuery,
    send,
    parameter: () => vrchat().echo_parameter,
    timeoutMs: () => vrchat().echo_timeout_ms,
    listed: () => listedAs(parameters.lookUp(vrchat().echo_parameter)),
    onRoundTrip(ms) {
      lagMs = ms;
      metrics.observe('understudy_osc_echo_duration_seconds', {}, ms / 1000);
    },
  });
  const avatarSync = createAvatarSync({
    clock,
    oscQuery,
    readAvatarFile: async (avatarId) =>
      vrchat().osc_folder === undefined ? undefined : readAvatarFile(vrchat().osc_folder ?? '', avatarId),
    parameters,
    signal,
    onReady(listed) {
      const known = listed?.get(vrchat().echo_parameter)?.value;
      if (typeof known === 'boolean') echo.learn(known);
      acting.resendParameters();
    },
  });
  const watch = createLinkWatch({
    echo,
    now,
    signal,
    limits: () => linkLimits(config()),
    logHint: vrchatLog.hint,
    onChange(before, after) {
      reactToLink(reactions, before, after);
      observe();
    },
  });
  const reactions: LinkReactions = {
    logger,
    facts,
    onLost: acting.quit,
    onBack: acting.cleanSlate,
    onUnknownAvatar: () => void avatarSync.begin(),
    onAppliesAgain: acting.resendParameters,
  };

  const judge = (): LevelBy => judgeAct({ isReceiving: osc.isReceiving(), canSend: osc.canSend(), view: watch.view() });
  const observe = (): void => {
    measureLink(metrics, watch.view().link);
    reportLink(failures, watch.view(), facts(), osc.isReceiving() && osc.canSend());
    const { level, by } = judge();
    context.observe('act', level, by);
  };
  const countBad = (reason: string): void => metrics.inc('understudy_bad_input_total', { edge: 'osc', reason });
  const incoming = createIncoming({
    countBad,
    countMessage: metrics.bindCounter('understudy_osc_messages_total', { direction: 'in' }),
    onMessage: createDispatch({
      watch,
      parameters,
      onAvatarChange: (avatarId) => void avatarSync.begin(avatarId),
      echoParameter: () => vrchat().echo_parameter,
      countTooMany: () => countBad('too_many_parameters'),
    }),
  });

  const { actions, selfRecovery, reopen } = createReconnecting({ context, osc, watch, acting, now, judge, observe });

  const unsubscribe = bus.subscribe(
    'reply',
    createReplySink({
      bus,
      judge: () => judgeDelivery(context.ceiling('act'), judge(), failures),
      show(sentence) {
        const result = acting.chatbox.take(sentence);
        // The next beat may be 100 ms away, and a viewer waits.
        if (watch.view().link.state !== 'lost') acting.chatbox.beat();
        return result;
      },
      express: acting.express,
      observed: context.observed,
      count: (result) => metrics.inc('understudy_replies_delivered_total', { sink: 'osc-bridge', result }),
    }),
  );
  let addresses = JSON.stringify(oscSettings(config()));
  context.onConfig((changed) => {
    const next = JSON.stringify(oscSettings(changed));
    if (next === addresses) return;
    addresses = next;
    void reopen();
  });

  let openedAt = now();
  const beat = (): void => {
    const at = now();
    incoming.beat();
    if (at - openedAt >= vrchat().echo_interval_ms) {
      openedAt = at;
      void osc.open();
    }
    vrchatLog.beat();
    watch.beat(!osc.canSend());
    const { link, stale } = watch.view();
    // A VRChat that applies nothing is not sent more of what may have stopped it.
    const isReachable = link.state !== 'lost' && osc.canSend();
    acting.beat({ isReachable, areParametersPaused: avatarSync.isPaused() || stale });
    observe();
    selfRecovery.beat(at);
  };
  await osc.open();
  observe();
  const pulse = runPulse(clock, signal, beat, (error) => context.reportError(error));

  return {
    commands: createCommandHandlers(actions),
    probes: createProbes(actions),
    routes: (app) =>
      registerActRoute(app, {
        hold: acting.inputs.hold,
        express: acting.express,
        expressions: () => Object.keys(vrchat().expressions),
        whyNot: () => whyNotAct(context.ceiling('act'), judge(), failures),
      }),
    onCeiling(capability, ceiling) {
      if (capability === 'act' && ceiling.level === 'off') acting.stand();
    },
    async safeMoment(within) {
      while (!within.aborted && !acting.isIdle()) {
        await clock.sleep(SAFE_MOMENT_POLL_MS, within).catch(() => undefined);
      }
    },
    async stop() {
      unsubscribe();
      ended.abort();
      await pulse;
      await acting.finish();
      await osc.close();
    },
  };
};
