import type { AudioDevices } from './audio/audio-devices.ts';
import type { Camera } from './camera/camera.ts';
import type { SimulatorName } from './faults/fault-table.ts';
import type { OpenAi } from './openai/openai.ts';
import type { Simulator } from './simulator.ts';
import type { Vrchat } from './vrchat/vrchat.ts';

/** The simulators that run; one whose peer is real is missing. */
export interface Simulators {
  readonly vrchat?: Vrchat;
  readonly openai?: OpenAi;
  readonly camera?: Camera;
  readonly audio?: AudioDevices;
}

export function byName({ vrchat, openai, camera, audio }: Simulators): Map<SimulatorName, Simulator> {
  const all: [SimulatorName, Simulator | undefined][] = [
    ['vrchat', vrchat],
    ['openai', openai],
    ['camera', camera],
    ['audio', audio],
  ];
  return new Map(all.flatMap(([name, simulator]) => (simulator ? [[name, simulator]] : [])));
}
