import type { LevelBy } from '@understudy/shared/contracts';
import { ServiceError } from '@understudy/shared/errors';
import type { ServiceContext } from '@understudy/shared/service';
import type { Acting } from './acting.ts';
import type { LinkWatch } from './link/link-watch.ts';
import { proveLink } from './link/prove-link.ts';
import type { OscConnection } from './osc/osc-connection.ts';
import type { RecoveryActions } from './recovery-handlers.ts';
import { createSelfRecovery, reconnectDelays, type SelfRecovery } from './self-recovery.ts';
import { oscAddresses, reconnectPace } from './settings.ts';
import type { SteadyNow } from './steady-time.ts';

export interface ReconnectingParts {
  readonly context: ServiceContext<'osc-bridge'>;
  readonly osc: OscConnection;
  readonly watch: LinkWatch;
  readonly acting: Acting;
  readonly now: SteadyNow;
  readonly judge: () => LevelBy;
  readonly observe: () => void;
}

export interface Reconnecting {
  readonly actions: RecoveryActions;
  readonly selfRecovery: SelfRecovery;
  /** New sockets; what VRChat may still hold or show is released. */
  reopen(): Promise<void>;
}

/** Reconnects by command, or by itself while the supervisor is silent. */
export function createReconnecting({
  context,
  osc,
  watch,
  acting,
  now,
  judge,
  observe,
}: ReconnectingParts): Reconnecting {
  const { config, logger } = context;
  const silentMs = (): number => config().health.supervisor_silent_ms;
  const echoParameter = (): string => config().vrchat.echo_parameter;
  const prove: RecoveryActions['proveLink'] = (signal, mustHear) =>
    proveLink({ watch, now, isReceiving: osc.isReceiving, echoParameter, mustHear }, signal);
  const reopen = async (): Promise<void> => {
    await osc.reopen();
    acting.cleanSlate();
    observe();
  };
  const actions: RecoveryActions = {
    async reconnect(signal) {
      await reopen();
      const proof = await prove(signal, false);
      observe();
      return proof;
    },
    releaseInputs: acting.inputs.releaseAll,
    proveLink: prove,
    addresses: () => oscAddresses(config()),
  };
  const selfRecovery = createSelfRecovery({
    delays: reconnectDelays(() => reconnectPace(config())),
    // The first word of a supervisor that starts at the same time is waited for.
    isSupervised: () => context.isSupervised() || now() < silentMs(),
    isDown: () => judge().level === 'off',
    reconnect: reopen,
    onAttempt: (attempt) =>
      logger.warning('The supervisor is silent: reconnecting to VRChat unasked', { context: { attempt } }),
    onSupervised(attempts) {
      const message = `the supervisor was silent for more than ${silentMs()} ms; the osc-bridge reconnected by itself ${attempts} times meanwhile`;
      context.reportError(
        new ServiceError('SUPERVISOR_SILENT', message, { subject: 'osc-bridge', context: { attempts } }),
      );
    },
  });
  return { actions, selfRecovery, reopen };
}
