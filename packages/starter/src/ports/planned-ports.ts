import type { Peer, ResolvedConfig } from '@understudy/shared/config';
import { START_ORDER } from '@understudy/shared/contracts';

export interface PlannedPort {
  readonly protocol: 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
  /** Where config/understudy.yaml names it. */
  readonly setting: string;
}

const LOOPBACK = '127.0.0.1';

/** Every port that this start will open, with the setting that moves it. */
export function plannedPorts(config: ResolvedConfig, simulated: readonly Peer[], withRedis: boolean): PlannedPort[] {
  const { audio, http, nats, redis, simulators, vrchat } = config;
  const tcp = (host: string, port: number, setting: string): PlannedPort => ({ protocol: 'tcp', host, port, setting });
  const udp = (host: string, port: number, setting: string): PlannedPort => ({ protocol: 'udp', host, port, setting });
  const simulator = (peers: readonly Peer[], ...ports: PlannedPort[]) =>
    peers.some((peer) => simulated.includes(peer)) ? ports : [];
  const isVrchatSimulated = simulated.includes('vrchat');
  return [
    tcp(nats.host, nats.port, 'nats.port'),
    ...(withRedis ? [tcp(redis.host, redis.port, 'redis.port')] : []),
    ...START_ORDER.map((name) => tcp(http.host, http.ports[name], `http.ports.${name}`)),
    tcp(http.host, http.ports.starter, 'http.ports.starter'),
    udp(audio.listen.host, audio.listen.port, 'audio.listen.port'),
    udp(
      vrchat.listen_host,
      vrchat.receive_port,
      isVrchatSimulated ? 'simulators.vrchat_send_port' : 'vrchat.receive_port',
    ),
    ...(simulated.length > 0 ? [tcp(LOOPBACK, simulators.control_port, 'simulators.control_port')] : []),
    ...simulator(
      ['vrchat'],
      udp(LOOPBACK, simulators.vrchat_receive_port, 'simulators.vrchat_receive_port'),
      tcp(LOOPBACK, simulators.oscquery_port, 'simulators.oscquery_port'),
    ),
    ...simulator(['llm', 'transcription', 'speech'], tcp(LOOPBACK, simulators.llm_port, 'simulators.llm_port')),
    ...simulator(['camera'], tcp(LOOPBACK, simulators.camera_port, 'simulators.camera_port')),
    ...simulator(['audio-outputs'], udp(LOOPBACK, simulators.speaker_port, 'simulators.speaker_port')),
  ];
}
