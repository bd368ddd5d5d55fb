import type { AudioInput, AudioOutput, ResolvedConfig } from '@understudy/shared/config';
import { ServiceError } from '@understudy/shared/errors';
import type { ServiceContext } from '@understudy/shared/service';
import type { PulseServer } from '../adapters/pulse-server.ts';
import type { VbanNetwork } from '../adapters/vban-network.ts';
import type { AudioSink } from './audio-sink.ts';
import type { AudioSource } from './audio-source.ts';
import { isIncomplete, type Played } from './playback-meter.ts';
import { createPulseSink } from './pulse-sink.ts';
import { createPulseSource } from './pulse-source.ts';
import { createRefusedSource } from './refused-source.ts';
import { createVbanSink } from './vban-sink.ts';
import { createVbanSource } from './vban-source.ts';
import { createWavSink } from './wav-sink.ts';
import { createWavSource } from './wav-source.ts';

/** Through which devices are reached. */
export interface DeviceLinks {
  readonly network: VbanNetwork;
  /** Opened with the first device that needs it. */
  readonly pulse: () => PulseServer;
}

type Surroundings = Pick<ServiceContext, 'clock' | 'config' | 'logger' | 'metrics' | 'reportError'>;
type Audio = ResolvedConfig['audio'];

/** What an output sounds like to an input of the same kind. */
export function soundOf(output: AudioOutput): string {
  switch (output.kind) {
    case 'vban':
      return `vban ${output.stream}`;
    case 'wav':
      return `wav ${output.folder}`;
    case 'pulse':
      return `pulse ${output.sink}.monitor`;
  }
}

function placeOf(input: AudioInput): string {
  switch (input.kind) {
    case 'vban':
      return `vban ${input.stream}`;
    case 'wav':
      return `wav ${input.folder}`;
    case 'pulse':
      return `pulse ${input.source}`;
  }
}

const sinkNames = (outputs: Audio['outputs']): string[] =>
  outputs.flatMap((output) => (output.kind === 'pulse' ? [output.sink] : []));

/** The approved inputs in the operator's order; any that would be the bot's own output is told and never opened. */
export function openSources(context: Surroundings, links: DeviceLinks, { inputs, outputs }: Audio): AudioSource[] {
  const own = new Set(outputs.map(soundOf));
  const open = (input: AudioInput): AudioSource => {
    const place = placeOf(input);
    if (own.has(place)) {
      return createRefusedSource(input.id, `it is the bot's own output (${place}); choose another in audio.inputs`);
    }
    switch (input.kind) {
      case 'vban':
        return createVbanSource(context, links.network, input);
      case 'wav':
        return createWavSource(context, input);
      case 'pulse':
        return createPulseSource(context, links.pulse(), input, sinkNames(outputs));
    }
  };
  const sources = inputs.map(open);
  for (const error of refusalErrors(sources)) context.reportError(error);
  return sources;
}

/** Of each such device; of all in one, when none is left that can be heard. */
function refusalErrors(sources: readonly AudioSource[]): ServiceError[] {
  const refused = sources.flatMap(({ id, refusal }) => (refusal === undefined ? [] : [{ id, refusal }]));
  if (refused.length > 0 && refused.length === sources.length) {
    const each = refused.map(({ id, refusal }) => `${id}: ${refusal}`).join('; ');
    return [
      new ServiceError('AUDIO_NO_DEVICE', `No approved input can be opened: ${each}`, {
        subject: 'input',
        capability: 'hear',
        context: { direction: 'input' },
      }),
    ];
  }
  return refused.map(
    ({ id, refusal }) =>
      new ServiceError('AUDIO_DEVICE_LOST', `Input ${id} is never opened: ${refusal}`, {
        subject: id,
        capability: 'hear',
        context: { device: id, direction: 'input' },
      }),
  );
}

/** The approved outputs in the operator's order. */
export function openSinks(context: Surroundings, links: DeviceLinks, { outputs }: Audio): AudioSink[] {
  const open = (output: AudioOutput): AudioSink => {
    const onPlayed = tellIncomplete(context, output.id);
    switch (output.kind) {
      case 'vban':
        return createVbanSink(context, links.network, output, onPlayed);
      case 'wav':
        return createWavSink(context, output);
      case 'pulse':
        return createPulseSink(context, links.pulse(), output, onPlayed);
    }
  };
  return outputs.map(open);
}

/** Told when it begins, not with each sentence. */
function tellIncomplete(context: Surroundings, id: string): (played: Played) => void {
  let wasIncomplete = false;
  return (played) => {
    const incomplete = isIncomplete(played);
    if (incomplete && !wasIncomplete) context.reportError(incompleteError(id, played));
    wasIncomplete = incomplete;
  };
}

const incompleteError = (id: string, { givenMs, playedMs }: Played) =>
  new ServiceError(
    'PLAYBACK_INCOMPLETE',
    `Output ${id} played ${playedMs} ms where ${givenMs} ms were synthesized; see the load of the machine and the sample rate of the output`,
    { subject: id, capability: 'speak', context: { device: id, givenMs, playedMs } },
  );
