import type { ErrorEvent } from '@understudy/shared/contracts';
import { ServiceError } from '@understudy/shared/errors';
import type { ServiceContext } from '@understudy/shared/service';
import { createErrorOnset } from '../error-onset.ts';
import { OPENING_MS } from './audio-source.ts';

/** What the incident of a lost sound server is about: each direction has devices of its own to go on with. */
export const SERVER_SUBJECT = { input: 'pulse:input', output: 'pulse:output' } as const;
export type DeviceDirection = keyof typeof SERVER_SUBJECT;

export interface LossOnset {
  /**
   * The selected device is lost; asked again and again while it is.
   * @param outage why the server that has the device is away, if it is
   * @returns the event of what is told now
   */
  begin(outage: string | undefined, deviceError: () => ServiceError): ErrorEvent;
  end(): void;
  standing(): ErrorEvent | undefined;
}

/**
 * Tells a loss once, by its cause: as the server's while that is away; as the device's when the server is there, and after an outage only
 * when the device has had its time to come back with it.
 */
export function createLossOnset(
  context: Pick<ServiceContext, 'clock' | 'reportError'>,
  direction: DeviceDirection,
): LossOnset {
  const { clock } = context;
  const server = createErrorOnset(context);
  const device = createErrorOnset(context);
  let outageSeenAt = Number.NEGATIVE_INFINITY;

  const end = () => {
    server.end();
    device.end();
  };
  return {
    begin(outage, deviceError) {
      if (outage !== undefined) {
        outageSeenAt = clock.now();
        device.end();
        return server.begin(() => serverLostError(outage, direction));
      }
      const told = server.standing();
      if (told !== undefined && clock.now() - outageSeenAt < OPENING_MS) return told;
      server.end();
      return device.begin(deviceError);
    },
    end,
    standing: () => server.standing() ?? device.standing(),
  };
}

export const serverLostError = (why: string, direction: DeviceDirection) =>
  new ServiceError('AUDIO_SERVER_LOST', why, {
    subject: SERVER_SUBJECT[direction],
    capability: direction === 'input' ? 'hear' : 'speak',
    context: { direction },
  });
