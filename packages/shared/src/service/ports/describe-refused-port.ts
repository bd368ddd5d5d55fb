import { describePortOwner, type PortOwner } from './find-port-owner.ts';

export interface RefusedPort {
  readonly protocol: 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
  /** The configuration's name of the port, and of the host where that has one. */
  readonly setting: string;
  readonly hostSetting?: string;
  /** What else changes with the port: `and tell the sender`. */
  readonly consequence?: string;
}

/**
 * Why a port cannot be opened, who has it, and what to change; for an operator.
 * @param code the system's, `EADDRINUSE` and so on
 */
export function describeRefusedPort(refused: RefusedPort, code: string, owner: PortOwner | undefined): string {
  const { protocol, host, port, setting, hostSetting = 'the host beside it', consequence } = refused;
  const move = (to: string) => `set ${setting} to ${to} port${consequence === undefined ? '' : ` ${consequence}`}`;
  const name = `${protocol.toUpperCase()} port ${port} (${setting})`;
  switch (code) {
    case 'EADDRINUSE':
      return `${name} is held by ${describePortOwner(owner)}; end it, or ${move('a free')}`;
    case 'EACCES':
      return `the system does not give ${name}: below 1024 it wants rights, and Windows reserves ranges (netsh int ipv4 show excludedportrange protocol=${protocol}); ${move('another')}`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${name} cannot be opened: ${host} is no address of this machine; set ${hostSetting} to 127.0.0.1, or to 0.0.0.0 in a container`;
    default:
      return `${name} at ${host} cannot be opened: ${code}; ${move('another')}`;
  }
}
