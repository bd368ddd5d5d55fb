export interface BridgePorts {
  readonly sendPort: number;
  readonly receivePort: number;
  readonly oscQueryPort?: number | undefined;
}

/** Configuration of a bridge on loopback that asks for the echo four times as often as by default. */
export const bridgeYaml = ({ sendPort, receivePort, oscQueryPort }: BridgePorts, more = ''): string =>
  [
    'vrchat:',
    '  host: 127.0.0.1',
    `  send_port: ${sendPort}`,
    `  receive_port: ${receivePort}`,
    ...(oscQueryPort === undefined ? [] : [`  oscquery_port: ${oscQueryPort}`]),
    '  echo_interval_ms: 500',
    more,
  ].join('\n');
