import { type Peer, type ResolvedConfig, SIMULATED_MICROPHONES, SIMULATED_SPEAKERS } from './resolve-peers.ts';

/** Which simulators run and on which ports: one for each peer that the configuration does not name, and no more. */
export function simulatorPlan({ audio, hosts, simulators: ports }: ResolvedConfig, simulated: readonly Peer[]) {
  const has = (...peers: Peer[]) => peers.some((peer) => simulated.includes(peer));
  const microphones = SIMULATED_MICROPHONES.map((device) => ({
    ...device,
    sendTo: { host: hosts['audio-gateway'], port: audio.listen.port },
  }));
  const speakers = SIMULATED_SPEAKERS.map((device) => ({ ...device, port: ports.speaker_port }));
  return {
    control: { port: ports.control_port },
    ...(has('vrchat')
      ? {
          vrchat: {
            receivePort: ports.vrchat_receive_port,
            sendTo: { host: hosts['osc-bridge'], port: ports.vrchat_send_port },
            oscQueryPort: ports.oscquery_port,
          },
        }
      : {}),
    ...(has('llm', 'transcription', 'speech')
      ? { openai: { port: ports.llm_port, providers: ['primary', 'backup', 'voice'] } }
      : {}),
    ...(has('camera') ? { camera: { port: ports.camera_port } } : {}),
    ...(has('audio-inputs', 'audio-outputs')
      ? {
          audio: {
            microphones: has('audio-inputs') ? microphones : [],
            speakers: has('audio-outputs') ? speakers : [],
          },
        }
      : {}),
  };
}
