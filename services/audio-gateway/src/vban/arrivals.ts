import type { AudioRejection } from './vban-audio.ts';

/** `heard`: somebody listens to the stream; `unknown`: nobody does; else why its packets are refused. */
export type Arrival = 'heard' | 'unknown' | AudioRejection;

export interface ListeningPort {
  readonly number: number;
  readonly isOpen: boolean;
  /** The port before a reload. */
  readonly movedFrom: number | undefined;
}

export interface VbanArrivals {
  came(stream: string, what: Arrival, now: number): void;
  /**
   * What an operator does about a stream that is missed, by what came instead.
   * @param quietMs nothing at all came for so long: then that is told
   * @param now epoch milliseconds
   */
  explainSilence(stream: string, port: ListeningPort, quietMs: number, now: number): string | undefined;
  /** What came is of the past. */
  forget(): void;
}

/** Names are a sender's to choose: only so many are kept. */
const MAX_STREAMS = 16;
const TOLD_STREAMS = 3;
/** What is told of a stream that came within this time; a sender sends some hundred packets a second. */
const RECENT_MS = 5000;

const MALFORMED = 'its packets are not as VBAN defines them; update or replace its sender';
const REFUSED: Readonly<Record<AudioRejection, string>> = {
  unsupported_format:
    'it is sent in 12 or 10 bit, and how those lie in a packet is not published; let its sender use 16 or 24 bit',
  unsupported_codec: 'it is sent in a codec; let its sender use PCM',
  unknown_rate: MALFORMED,
  reserved_bit: MALFORMED,
  size_mismatch: MALFORMED,
};

/** Remembers which streams came last, so that one that is missed can be explained. */
export function createVbanArrivals(): VbanArrivals {
  /** The latest is the last. */
  const streams = new Map<string, { what: Arrival; at: number }>();

  return {
    came(stream, what, now) {
      streams.delete(stream);
      streams.set(stream, { what, at: now });
      if (streams.size <= MAX_STREAMS) return;
      for (const oldest of streams.keys()) return void streams.delete(oldest);
    },
    forget: () => streams.clear(),
    explainSilence(stream, { number, isOpen, movedFrom }, quietMs, now) {
      if (!isOpen) return `UDP port ${number} (audio.listen) is not open`;
      const recent = [...streams].filter(([, { at }]) => now - at < RECENT_MS);
      const own = recent.find(([name]) => name === stream)?.[1].what;
      if (own !== undefined && own !== 'heard' && own !== 'unknown') return REFUSED[own];
      const strangers = recent.filter(([, { what }]) => what === 'unknown').map(([name]) => name);
      if (strangers.length > 0) {
        const names = strangers.slice(-TOLD_STREAMS).join(', ');
        return `its stream is ${stream}, and there come ${names}, which no input has; start its sender, or correct the name there or in audio.inputs`;
      }
      if (recent.some(([, { at }]) => now - at < quietMs)) return undefined;
      if (movedFrom === undefined) {
        return `nothing comes to UDP port ${number} (audio.listen); plug it in again, or start its sender and let it send there`;
      }
      return `nothing comes to UDP port ${number}, to which a reload has moved audio.listen from ${movedFrom}; let its sender send there (a simulated microphone does from its next start on)`;
    },
  };
}
