import type { Config } from './config-schema.ts';
import { LOOPBACK_PLACE, PLACED_PARTS, type Place, type PlacedPart } from './place.ts';
import type { VisionSource } from './vision-schema.ts';

export const PEERS = ['vrchat', 'llm', 'audio-inputs', 'audio-outputs', 'transcription', 'speech', 'camera'] as const;
export type Peer = (typeof PEERS)[number];

/** A configuration in which every peer has an address: the operator's, or that of its simulator; seen from the place of this process. */
export type ResolvedConfig = Config & {
  readonly hosts: Readonly<Record<PlacedPart, string>>;
  readonly vrchat: Config['vrchat'] & { readonly host: string };
  readonly vision: Config['vision'] & { readonly source: VisionSource };
};

/** Microphones and speakers of the simulator, in order of preference. */
export const SIMULATED_MICROPHONES = [
  { id: 'headset-mic', stream: 'HeadsetMic' },
  { id: 'desk-mic', stream: 'DeskMic' },
] as const;
export const SIMULATED_SPEAKERS = [
  { id: 'headset-out', stream: 'HeadsetOut' },
  { id: 'desk-out', stream: 'DeskOut' },
] as const;

const LOOPBACK = '127.0.0.1';
/** Who listens everywhere is reached on loopback, the only Host name that is always allowed. */
const isAny = (host: string | undefined): boolean => host === '0.0.0.0' || host === '::';
const reachable = (host: string): string => (isAny(host) ? LOOPBACK : host);

/** Fills in the simulator of each peer that the configuration does not name, says which those are, and applies the place. */
export function resolvePeers(
  config: Config,
  place: Place = LOOPBACK_PLACE,
): { config: ResolvedConfig; simulated: readonly Peer[] } {
  const { audio, http, llm, vision, vrchat, simulators } = config;
  const hosts = Object.fromEntries(
    PLACED_PARTS.map((part) => [part, place.hosts[part] ?? (part === 'simulators' ? LOOPBACK : reachable(http.host))]),
  ) as ResolvedConfig['hosts'];
  const provider = (name: string) => ({
    name,
    base_url: `http://${hosts.simulators}:${simulators.llm_port}/${name}/v1`,
    model: 'simulated',
  });
  const missing: Record<Peer, boolean> = {
    vrchat: vrchat.host === undefined,
    llm: llm.providers.length === 0,
    'audio-inputs': audio.inputs.length === 0,
    'audio-outputs': audio.outputs.length === 0,
    transcription: audio.transcription.providers.length === 0,
    speech: audio.speech.providers.length === 0,
    camera: vision.source === undefined,
  };
  // A container listens everywhere. A service on the host listens for the stack on one address, but for a real peer where that one sends.
  const listenFor = (isSimulated: boolean, configured: string): string =>
    isSimulated || isAny(place.listen) ? (place.listen ?? configured) : configured;
  const resolved: ResolvedConfig = {
    ...config,
    hosts,
    http: {
      ...http,
      host: place.listen ?? http.host,
      // The names of the parts are the Host headers by which they and their watchers call each other.
      allowed_hosts: [...new Set([...http.allowed_hosts, ...Object.values(place.hosts)])],
    },
    vrchat: {
      ...vrchat,
      listen_host: listenFor(missing.vrchat, vrchat.listen_host),
      ...(vrchat.host === undefined
        ? {
            send_port: simulators.vrchat_receive_port,
            receive_port: simulators.vrchat_send_port,
            oscquery_port: simulators.oscquery_port,
          }
        : {}),
      host: vrchat.host ?? hosts.simulators,
    },
    llm: {
      ...llm,
      providers: missing.llm
        ? [
            { ...provider('primary'), max_tokens: 200 },
            { ...provider('backup'), max_tokens: 200 },
          ]
        : llm.providers,
    },
    audio: {
      ...audio,
      listen: { ...audio.listen, host: listenFor(missing['audio-inputs'], audio.listen.host) },
      inputs: missing['audio-inputs']
        ? SIMULATED_MICROPHONES.map((device) => ({ ...device, kind: 'vban' as const }))
        : audio.inputs,
      outputs: missing['audio-outputs']
        ? SIMULATED_SPEAKERS.map((device) => ({
            ...device,
            kind: 'vban' as const,
            host: hosts.simulators,
            port: simulators.speaker_port,
            answers_ping: true,
          }))
        : audio.outputs,
      // The simulated voice is a modem's, which no model of speech takes for one.
      speech_detection: {
        ...audio.speech_detection,
        engine: missing['audio-inputs'] ? 'energy' : audio.speech_detection.engine,
      },
      transcription: {
        ...audio.transcription,
        providers: missing.transcription ? [provider('voice')] : audio.transcription.providers,
      },
      speech: {
        ...audio.speech,
        providers: missing.speech ? [{ ...provider('voice'), voice: 'mika' }] : audio.speech.providers,
      },
    },
    vision: {
      ...vision,
      // Nobody is in the simulated picture: a model would take its memory for nothing.
      detect: missing.camera ? [] : vision.detect,
      source: vision.source ?? {
        kind: 'mjpeg',
        url: `http://${hosts.simulators}:${simulators.camera_port}/stream.mjpeg`,
      },
    },
  };
  return { config: resolved, simulated: PEERS.filter((peer) => missing[peer]) };
}
