import type { LevelBy } from '@understudy/shared/contracts';
import type { Compose } from '@understudy/shared/service';
import { judgeAct } from './act-level.ts';
import { createActing } from './acting.ts';
import { createEcho } from './link/echo.ts';
import { createLinkWatch } from './link/link-watch.ts';
import { measureLink } from './link/measure-link.ts';
import { type LinkReactions, reactToLink } from './link/react-to-link.ts';
import { reportLink } from './link/report-link.ts';
import { createOpenFailures } from './open-failures.ts';
import { createDispatch } from './osc/dispatch.ts';
import { createIncoming } from './osc/incoming.ts';
import { createOscConnection } from './osc/osc-connection.ts';
import type { OscMessage } from './osc/osc-message.ts';
import { createOscQuery } from './osc-query/osc-query.ts';
import { createAvatarParameters } from './parameters/avatar-parameters.ts';
import { createAvatarSync } from './parameters/avatar-sync.ts';
import { runPulse } from './pulse.ts';
import { createReconnecting } from './reconnecting.ts';
import { createCommandHandlers, createProbes } from './recovery-handlers.ts';
import { judgeDelivery } from './replies/judge-delivery.ts';
import { createReplySink } from './replies/reply-sink.ts';
import { registerActRoute } from './routes/act-route.ts';
import { linkLimits, lossFacts, oscQueryEndpoint, oscSettings } from './settings.ts';
import { createSteadyNow } from './steady-time.ts';

const SAFE_MOMENT_POLL_MS = 100;

export const compose: Compose<'osc-bridge'> = async (context) => {
  const { metrics, clock, logger, bus, config } = context;
  const vrchat = () => config().vrchat;
  const now = createSteadyNow(clock.now);
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
  const oscQuery = createOscQuery(() => oscQueryEndpoint(config()));
  const acting = createActing({ context, now, parameters, send });
  const echo = createEcho({
    clock,
    oscQuery,
    send,
    parameter: () => vrchat().echo_parameter,
    timeoutMs: () => vrchat().echo_timeout_ms,
  });
  const avatarSync = createAvatarSync({
    clock,
    oscQuery,
    parameters,
    signal,
    onReady(facts) {
      const known = facts?.get(vrchat().echo_parameter)?.value;
      if (typeof known === 'boolean') echo.learn(known);
      acting.resendParameters();
    },
  });
  const watch = createLinkWatch({
    echo,
    now,
    signal,
    limits: () => linkLimits(config()),
    onChange(before, after) {
      reactToLink(reactions, before, after);
      observe();
    },
  });
  const reactions: LinkReactions = {
    logger,
    facts: () => lossFacts(config()),
    onLost: acting.chatbox.clear,
    onBack: acting.cleanSlate,
    onUnknownAvatar: () => void avatarSync.begin(),
  };

  const judge = (): LevelBy => judgeAct({ isReceiving: osc.isReceiving(), canSend: osc.canSend(), view: watch.view() });
  const observe = (): void => {
    measureLink(metrics, watch.view().link);
    reportLink(failures, watch.view(), lossFacts(config()), osc.isReceiving() && osc.canSend());
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
      onAvatarChange: () => void avatarSync.begin(),
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
      show: acting.chatbox.take,
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
    watch.beat(!osc.canSend());
    acting.beat({ isReachable: watch.view().link.state !== 'lost', areParametersPaused: avatarSync.isPaused() });
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
        whyNot() {
          const { level, by } = context.effective('act');
          return level === 'off' ? `the avatar cannot be moved now: act is off (${by})` : undefined;
        },
      }),
    onCeiling(capability, ceiling) {
      if (capability === 'act' && ceiling.level === 'off') acting.stand();
    },
    async safeMoment(within) {
      while (!within.aborted && !(acting.chatbox.isIdle() && acting.inputs.isIdle())) {
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
