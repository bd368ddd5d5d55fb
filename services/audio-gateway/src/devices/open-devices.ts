import type { ResolvedConfig } from '@understudy/shared/config';
import type { ServiceContext } from '@understudy/shared/service';
import type { VbanNetwork } from '../adapters/vban-network.ts';
import type { AudioSink } from './audio-sink.ts';
import type { AudioSource } from './audio-source.ts';
import { createVbanSink } from './vban-sink.ts';
import { createVbanSource } from './vban-source.ts';
import { createWavSink } from './wav-sink.ts';
import { createWavSource } from './wav-source.ts';

type Surroundings = Pick<ServiceContext, 'clock' | 'config' | 'logger' | 'metrics'>;
type Audio = ResolvedConfig['audio'];

/** The approved inputs in the operator's order, without any that would be the bot's own output. */
export function openSources(context: Surroundings, network: VbanNetwork, { inputs, outputs }: Audio): AudioSource[] {
  const own = new Set(outputs.map((output) => (output.kind === 'vban' ? output.stream : output.folder)));
  return inputs.flatMap((input) => {
    const place = input.kind === 'vban' ? input.stream : input.folder;
    if (own.has(place)) {
      context.logger.error("An input is the bot's own output and is never opened; correct audio.inputs", {
        context: { device: input.id, place },
      });
      return [];
    }
    return [input.kind === 'vban' ? createVbanSource(context, network, input) : createWavSource(context, input)];
  });
}

/** The approved outputs in the operator's order. */
export const openSinks = (context: Surroundings, network: VbanNetwork, { outputs }: Audio): AudioSink[] =>
  outputs.map((output) =>
    output.kind === 'vban' ? createVbanSink(context, network, output) : createWavSink(context, output),
  );
