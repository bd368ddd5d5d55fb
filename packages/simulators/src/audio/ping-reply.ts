import { hostname } from 'node:os';
import { encodePing, type VbanPing } from '../vban/vban-ping.ts';

/** VBAN's names for what we are: a receptor (application type 1) with audio (feature 1). */
const RECEPTOR = 0x00000001;
const AUDIO_FEATURE = 0x00000001;

interface AnsweringDevice {
  readonly id: string;
  readonly stream: string;
}

/**
 * Answers a PING0. A ping whose stream name is a speaker's asks for that one; any other name (`VBAN Service`, as Voicemeeter sends)
 * asks whoever is there. `undefined`: nobody answers.
 * @param devices those that are available now.
 * @param allStreams of all speakers of the port, available or not.
 */
export function replyToPing(
  ping: VbanPing,
  devices: readonly AnsweringDevice[],
  allStreams: readonly string[],
): Buffer | undefined {
  const asked = allStreams.includes(ping.stream) ? devices.filter(({ stream }) => stream === ping.stream) : devices;
  const [first] = asked;
  if (!first) return undefined;
  return encodePing({
    stream: ping.stream,
    counter: ping.counter,
    isReply: true,
    identity: {
      applicationType: RECEPTOR,
      features: AUDIO_FEATURE,
      preferredRate: 48_000,
      minRate: 8000,
      maxRate: 192_000,
      version: 1,
      languageCode: 'en-us',
      device: asked.map(({ id }) => id).join(' '),
      manufacturer: 'Understudy',
      application: 'Simulated speaker',
      host: hostname(),
      userName: '',
      comment: `streams: ${asked.map(({ stream }) => stream).join(' ')}`,
    },
  });
}
