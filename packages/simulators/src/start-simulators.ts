import { startAudioDevices } from './audio/audio-devices.ts';
import { startCamera } from './camera/camera.ts';
import { startControlServer } from './control-server.ts';
import { startOpenAi } from './openai/openai.ts';
import type { Simulators } from './running-simulators.ts';
import type { SimulatorsConfig } from './simulators-config.ts';
import { LOOPBACK } from './sockets/loopback.ts';
import { startVrchat } from './vrchat/vrchat.ts';

export interface RunningSimulators extends Simulators {
  /** Where everything is; plain JSON. */
  readonly addresses: object;
  /** Base URL of the control API. */
  readonly controlUrl: string;
  close(): Promise<void>;
}

/**
 * Starts the simulators that the configuration names, and their control API.
 * What the bot says on a simulated speaker is heard by the simulated VRChat, as through a virtual cable.
 * @throws PortUnavailableError; then nothing is left running.
 */
export async function startSimulators(config: SimulatorsConfig): Promise<RunningSimulators> {
  const started: { close(): Promise<void> }[] = [];
  const closeAll = async (): Promise<void> => {
    await Promise.all(started.splice(0).map((simulator) => simulator.close()));
  };
  const keep = <Started extends { close(): Promise<void> }>(simulator: Started): Started => {
    started.push(simulator);
    return simulator;
  };
  try {
    const host = config.listen ?? LOOPBACK;
    const vrchat = config.vrchat && keep(await startVrchat({ ...vrchatOptions(config.vrchat), host }));
    const openai = config.openai && keep(await startOpenAi({ ...config.openai, host }));
    const camera = config.camera && keep(await startCamera({ ...config.camera, host }));
    const audio =
      config.audio &&
      keep(await startAudioDevices({ ...config.audio, host, onSpeaking: (speaking) => vrchat?.setSpeaking(speaking) }));
    const simulators: Simulators = {
      ...(vrchat && { vrchat }),
      ...(openai && { openai }),
      ...(camera && { camera }),
      ...(audio && { audio }),
    };
    const control = keep(await startControlServer({ ...config.control, host, simulators }));
    return { ...simulators, controlUrl: control.url, addresses: addressesOf(simulators, control.url), close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function vrchatOptions({ avatars, ...options }: NonNullable<SimulatorsConfig['vrchat']>) {
  const [first, ...others] = avatars ?? [];
  return first ? { ...options, avatars: [first, ...others] as const } : options;
}

function addressesOf({ vrchat, openai, camera, audio }: Simulators, control: string): object {
  const { receivePort, oscQueryPort } = vrchat?.state() ?? {};
  const audioState = audio?.state();
  return {
    control,
    ...(vrchat && { vrchat: { receivePort, oscQueryPort } }),
    ...(openai && {
      openai: Object.fromEntries(Object.keys(openai.state().providers).map((name) => [name, openai.baseUrl(name)])),
    }),
    ...(camera && { camera: { stream: camera.streamUrl, frame: camera.frameUrl } }),
    ...(audioState && {
      audio: {
        microphones: audioState.microphones.map(({ id, stream, sendTo }) => ({ id, stream, sendTo })),
        speakers: audioState.speakers.map(({ id, stream, port }) => ({ id, stream, port })),
      },
    }),
  };
}
