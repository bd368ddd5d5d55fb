import type { ErrorEvent, LevelBy } from '@understudy/shared/contracts';
import { ServiceError } from '@understudy/shared/errors';
import type { FailureStreaks, ProbeResult, ServiceContext } from '@understudy/shared/service';
import { createErrorOnset } from '../error-onset.ts';
import type { AudioSink } from './audio-sink.ts';
import { createLossOnset } from './loss-onset.ts';

/** `there`: it has just proven life. */
export type OutputProof =
  | { readonly state: 'there'; readonly sink: AudioSink }
  | { readonly state: 'gone'; readonly event: ErrorEvent };

export interface OutputDevice {
  /** Takes the newly opened sinks; stays with the selected one where it is still approved, else goes to the first. */
  replaceSinks(sinks: readonly AudioSink[]): void;
  /** The caller proves it right after. */
  select(id: string): void;
  selected(): AudioSink | undefined;
  sinks(): readonly AudioSink[];
  /** Why it does not work, if it does not. */
  standing(): ErrorEvent | undefined;
  /** Asks the selected output now and observes the answer; questions at the same time share one. */
  prove(): Promise<OutputProof>;
  /** The same from time to time; an output that has not been there yet is given its time before that is a failure. */
  watch(): Promise<void>;
}

interface OutputDeviceParts {
  readonly streaks: Pick<FailureStreaks, 'failed' | 'worked'>;
  readonly onLevel: (level: LevelBy) => void;
}

type Surroundings = Pick<ServiceContext, 'clock' | 'reportError'>;

/** Peers may start later than the service. */
const START_GRACE_MS = 3000;

/** The speaker that is spoken into, and whether it is there. */
export function createOutputDevice(context: Surroundings, { onLevel, streaks }: OutputDeviceParts): OutputDevice {
  const loss = createLossOnset(context, 'output');
  const nothingApproved = createErrorOnset(context);
  let sinks: readonly AudioSink[] = [];
  let selected: AudioSink | undefined;
  let openedAt = context.clock.now();
  let hasBeenThere = false;
  let proving: { sink: AudioSink; proof: Promise<OutputProof> } | undefined;

  const gone = (event: ErrorEvent): OutputProof => {
    onLevel({ level: 'off', by: 'no_device' });
    return { state: 'gone', event };
  };

  const ask = async (sink: AudioSink): Promise<OutputProof> => {
    const answer = await sink.isThere();
    // Meanwhile another one may have been selected: what this one said concerns nobody.
    if (sink !== selected) return device.prove();
    if (!answer.ok) {
      streaks.failed(sink.id);
      return gone(loss.begin(sink.outage?.(), () => lostError(sink.id, answer)));
    }
    streaks.worked(sink.id);
    loss.end();
    hasBeenThere = true;
    onLevel({ level: sink === sinks[0] ? 'full' : 'degraded', by: `device:${sink.id}` });
    return { state: 'there', sink };
  };

  const select = (next: AudioSink | undefined) => {
    if (next !== selected) loss.end();
    if (next !== undefined) nothingApproved.end();
    selected = next;
  };

  const device: OutputDevice = {
    replaceSinks(next) {
      const id = selected?.id;
      sinks = next;
      openedAt = context.clock.now();
      hasBeenThere = false;
      select(next.find((sink) => sink.id === id) ?? next[0]);
    },
    select: (id) => select(sinks.find((sink) => sink.id === id)),
    selected: () => selected,
    sinks: () => sinks,
    standing: () => loss.standing() ?? nothingApproved.standing(),
    async prove() {
      if (selected === undefined) return gone(nothingApproved.begin(noOutputError));
      if (proving?.sink === selected) return proving.proof;
      const own = { sink: selected, proof: ask(selected) };
      proving = own;
      try {
        return await own.proof;
      } finally {
        if (proving === own) proving = undefined;
      }
    },
    async watch() {
      const isEarly = !hasBeenThere && context.clock.now() - openedAt < START_GRACE_MS;
      if (selected !== undefined && isEarly && !(await selected.isThere()).ok) {
        onLevel({ level: 'off', by: `waiting:${selected.id}` });
      } else await device.prove();
    },
  };
  return device;
}

const lostError = (id: string, { detail }: ProbeResult) =>
  new ServiceError('AUDIO_OUTPUT_LOST', `Output ${detail}`, {
    subject: id,
    capability: 'speak',
    context: { device: id, direction: 'output' },
  });

const noOutputError = () =>
  new ServiceError('AUDIO_NO_DEVICE', 'audio.outputs names no output; approve one in config/understudy.yaml', {
    subject: 'output',
    capability: 'speak',
  });
