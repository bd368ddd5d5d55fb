import type { Delivery, ErrorEvent, Reply } from '@understudy/shared/contracts';
import { toServiceError } from '@understudy/shared/errors';
import type { ServiceContext } from '@understudy/shared/service';
import { type TraceHeaders, withSpan } from '@understudy/shared/telemetry';
import type { Speech } from '../devices/audio-sink.ts';
import type { OutputDevice } from '../devices/output-device.ts';
import type { Playing } from '../echo/own-voice.ts';
import type { ChainResult } from '../providers/provider-chain.ts';
import { abandon, type Dropped, dequeue, EMPTY_QUEUE, enqueue, type Sentence } from './speech-queue.ts';

export interface SpeakerParts {
  readonly output: Pick<OutputDevice, 'prove' | 'standing' | 'selected'>;
  readonly synthesize: (text: string, signal: AbortSignal) => Promise<ChainResult<Speech>>;
  /** Synthesis would fail at once; the event says why. */
  readonly blockedBy: () => ErrorEvent | undefined;
  readonly onDelivery: (delivery: Delivery) => void;
  /** @returns to be called when it has ended */
  readonly onSpeaking: (text: string) => (endedAt: number) => void;
  /** Learns how loud the bot itself is. */
  readonly onPlaying: (sampleRate: number) => Playing;
}

export interface Speaker {
  /** Takes a sentence of a reply; what becomes of it is told by deliveries. */
  onReply(reply: Reply, trace?: TraceHeaders): void;
  isBusy(): boolean;
  /** A turn has begun to sound and is not over; a pause between two of its sentences is none. */
  isSpeaking(): boolean;
  /** Ends what is being said and the rest of its turn. */
  interrupt(): void;
  /** Ends what is being said. */
  stop(): Promise<void>;
}

type Surroundings = Pick<
  ServiceContext,
  'name' | 'clock' | 'config' | 'metrics' | 'ceiling' | 'observed' | 'reportError'
>;
type Fate = Pick<Delivery, 'result' | 'interrupted'> & { readonly event?: ErrorEvent | undefined };
const SPOKEN_OVER: Fate = { result: 'skipped', interrupted: true };

/**
 * Speaks replies sentence by sentence. A turn's first sentence is taken only after the output has proven life, so that its delivery
 * (`queued` at once, `delivered` with the first sound, `failed`, `skipped`) is the truth of this moment.
 */
export function createSpeaker(context: Surroundings, parts: SpeakerParts): Speaker {
  const { clock, metrics } = context;
  const stopping = new AbortController();
  let queue = EMPTY_QUEUE;
  let admission: Promise<void> = Promise.resolve();
  let speaking: Promise<void> | undefined;
  let interrupting = new AbortController();
  let hasSounded = false;

  const tell = ({ turnId, seq }: Sentence, { event, ...fate }: Fate) => {
    const cause = event === undefined ? {} : { errorId: event.id, errorCode: event.code };
    // Only what this service owns: a word on another's capability would overrule its owner's.
    const { hear, speak } = context.observed();
    const observed = { ...(hear ? { hear } : {}), ...(speak ? { speak } : {}) };
    parts.onDelivery({ turnId, seq, service: context.name, ...fate, ...cause, observed });
  };

  const deliver = (sentence: Sentence, fate: Fate) => {
    metrics.inc('understudy_replies_delivered_total', { sink: 'audio-gateway', result: fate.result });
    tell(sentence, fate);
  };

  const tellDropped = (dropped: readonly Dropped[]) => {
    for (const { sentence, reason } of dropped) {
      if (reason !== 'repeated') deliver(sentence, reason === 'interrupted' ? SPOKEN_OVER : { result: 'skipped' });
    }
  };

  const findObstacle = async (sentence: Sentence): Promise<Fate | undefined> => {
    if (context.ceiling('speak').level === 'off' || sentence.text === '') return { result: 'skipped' };
    const proof = sentence.seq === 0 ? await parts.output.prove() : undefined;
    const event = proof?.state === 'gone' ? proof.event : (parts.output.standing() ?? parts.blockedBy());
    return event === undefined ? undefined : { result: 'failed', event };
  };

  const admit = async (sentence: Sentence): Promise<void> => {
    const obstacle = await findObstacle(sentence);
    if (obstacle) return deliver(sentence, obstacle);
    const added = enqueue(queue, sentence, context.config().audio.speech.queue);
    queue = added.queue;
    tellDropped(added.dropped);
    if (added.dropped.some((dropped) => dropped.sentence === sentence)) return;
    deliver(sentence, { result: 'queued' });
    speaking ??= speakAll().finally(() => {
      speaking = undefined;
      hasSounded = false;
    });
  };

  const speakAll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const next = dequeue(queue, clock.now());
      queue = next.queue;
      tellDropped(next.dropped);
      if (next.sentence === undefined) return;
      const { sentence } = next;
      const heard = sentence.trace ? ({ kind: 'consumer', parent: sentence.trace } as const) : {};
      await withSpan('audio-gateway.speak', heard, () => speak(sentence));
    }
  };

  const speak = async (sentence: Sentence): Promise<void> => {
    const began = clock.now();
    const signal = AbortSignal.any([stopping.signal, interrupting.signal]);
    const speech = await parts.synthesize(sentence.text, signal);
    if (stopping.signal.aborted) return;
    if (signal.aborted) return deliver(sentence, SPOKEN_OVER);
    if (speech.state === 'failed') return deliver(sentence, { result: 'failed', event: speech.event });
    // The one that serves now: it may have been switched, or taken from the list, while the sentence was synthesized.
    const sink = parts.output.selected();
    if (sink === undefined) {
      const proof = await parts.output.prove();
      return deliver(sentence, { result: 'failed', ...(proof.state === 'gone' ? { event: proof.event } : {}) });
    }
    const playing = parts.onPlaying(speech.value.sampleRate);
    let onEnd: (endedAt: number) => void = () => {};
    let isHeard = false;
    try {
      await sink.play(
        { ...speech.value, pieces: tap(speech.value.pieces, playing) },
        () => {
          isHeard = true;
          hasSounded = true;
          playing.began(clock.now());
          onEnd = parts.onSpeaking(sentence.text);
          metrics.observe('audio_latency_ms', { direction: 'out' }, clock.now() - began);
          deliver(sentence, { result: 'delivered' });
        },
        signal,
      );
      if (!signal.aborted || stopping.signal.aborted) return;
      // Perhaps nothing waits that could tell it, while the rest of the turn is still being thought.
      if (isHeard) tell(sentence, { result: 'delivered', interrupted: true });
      else deliver(sentence, SPOKEN_OVER);
    } catch (error) {
      // The synthesis broke off, or the folder could not be written: what was heard so far stays said.
      const event = context.reportError(toServiceError(error, 'SPEECH_FAILED'), { turnId: sentence.turnId });
      deliver(sentence, { result: 'failed', event });
    } finally {
      onEnd(clock.now());
    }
  };

  return {
    onReply({ turnId, seq, text, budgetMs }, trace) {
      const deadline = clock.now() + budgetMs;
      const sentence: Sentence = { turnId, seq, text: text.trim(), deadline, ...(trace ? { trace } : {}) };
      admission = admission.then(() => admit(sentence)).catch((error: unknown) => void context.reportError(error));
    },
    isBusy: () => speaking !== undefined,
    isSpeaking: () => speaking !== undefined && hasSounded,
    interrupt() {
      const left = abandon(queue);
      queue = left.queue;
      tellDropped(left.dropped);
      interrupting.abort();
      interrupting = new AbortController();
    },
    async stop() {
      stopping.abort();
      await admission;
      await speaking;
    },
  };
}

async function* tap(pieces: AsyncIterable<Float32Array>, playing: Playing): AsyncGenerator<Float32Array> {
  for await (const piece of pieces) {
    playing.push(piece);
    yield piece;
  }
}
