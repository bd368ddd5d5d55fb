import { ServiceError } from '@understudy/shared/errors';
import type { CommandOutcome, ProbeResult, ServiceContext } from '@understudy/shared/service';
import { createErrorOnset } from '../error-onset.ts';

/** One direction, as self-care sees it. */
export interface Direction {
  readonly name: 'input' | 'output';
  /** In the operator's order. */
  approved(): readonly string[];
  selected(): string | undefined;
  isWorking(): boolean;
}

interface SelfCareParts {
  readonly directions: readonly Direction[];
  readonly test: (id: string, signal: AbortSignal) => Promise<ProbeResult>;
  readonly switchTo: (id: string, signal: AbortSignal) => Promise<CommandOutcome>;
}

export interface SelfCare {
  /** One look, about every `recovery.device_fallback.watch_interval_ms`. */
  look(signal: AbortSignal): Promise<void>;
}

type Surroundings = Pick<ServiceContext, 'clock' | 'config' | 'isSupervised' | 'logger' | 'reportError'>;

/**
 * What `device_fallback` would ask for, done by the service itself while the supervisor is silent: walk the approved list, return to
 * the preferred device. It says so, and reports SUPERVISOR_SILENT once when the supervisor is back.
 */
export function createSelfCare(context: Surroundings, { directions, test, switchTo }: SelfCareParts): SelfCare {
  const nothingLeft = new Map(directions.map(({ name }) => [name, createErrorOnset(context)]));
  const startedAt = context.clock.now();
  let acted: string[] = [];

  /** Better ones first, and the selected one last: while it works there is no reason to leave it for a lesser one. */
  const candidates = ({ approved, selected, isWorking }: Direction): string[] => {
    const ids = approved();
    const place = ids.indexOf(selected() ?? '');
    return isWorking() ? ids.slice(0, place) : ids.filter((id) => id !== selected());
  };

  const care = async (direction: Direction, signal: AbortSignal): Promise<void> => {
    for (const id of candidates(direction)) {
      if (!(await test(id, signal)).ok) continue;
      const { ok } = await switchTo(id, signal);
      if (!ok) continue;
      acted = [...acted, `${direction.name}: ${id}`].slice(-20);
      context.logger.warning('The supervisor is silent: switched to another approved device by myself', {
        context: { direction: direction.name, device: id },
      });
      break;
    }
    const onset = nothingLeft.get(direction.name);
    if (direction.isWorking()) onset?.end();
    else onset?.begin(() => noDeviceError(direction));
  };

  const sayThatItIsBack = () => {
    if (acted.length === 0) return;
    context.reportError(
      new ServiceError('SUPERVISOR_SILENT', 'The supervisor was silent; the audio-gateway switched devices by itself', {
        context: { acted },
      }),
    );
    acted = [];
  };

  return {
    async look(signal) {
      // A service that has just started has not heard of its supervisor yet, which is no silence.
      if (context.clock.now() - startedAt < context.config().health.supervisor_silent_ms) return;
      if (context.isSupervised()) sayThatItIsBack();
      else for (const direction of directions) await care(direction, signal);
    },
  };
}

const noDeviceError = ({ name, approved }: Direction) =>
  new ServiceError(
    'AUDIO_NO_DEVICE',
    `No approved ${name} works (${approved().join(', ') || 'none approved'}); connect one or approve another in audio.${name}s`,
    { subject: name, capability: name === 'input' ? 'hear' : 'speak', context: { direction: name } },
  );
