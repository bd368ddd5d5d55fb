import { type BadDatagram, decodeDatagram } from './decode-datagram.ts';
import type { OscArgument, OscMessage } from './osc-message.ts';

/** 16 physics bones at 90 frames a second send 4300 messages a second; twice that is no avatar. */
const PER_BEAT = 1000;

/** What of VRChat's a message is; anything else that arrives at the port proves nothing. */
export type FromVrchat =
  | { readonly type: 'avatar_change'; readonly avatarId: string }
  | { readonly type: 'parameter'; readonly name: string; readonly argument: OscArgument }
  | { readonly type: 'other' };

/** VRChat's own limit of a parameter's name is far below; a table of names that a stranger chose must not fill the memory. */
const MAX_NAME_LENGTH = 256;

const PARAMETER = '/avatar/parameters/';
const OTHERS = ['/avatar/', '/tracking/', '/usercamera/', '/chatbox/'];

export function classifyMessage(message: OscMessage): FromVrchat | undefined {
  const { address, args } = message;
  if (address.startsWith(PARAMETER)) {
    const name = address.slice(PARAMETER.length);
    const [argument, ...more] = args;
    const isName = name !== '' && name.length <= MAX_NAME_LENGTH;
    return isName && argument && more.length === 0 ? { type: 'parameter', name, argument } : undefined;
  }
  if (address === '/avatar/change') {
    const [id] = args;
    return id?.type === 'string' ? { type: 'avatar_change', avatarId: id.value } : undefined;
  }
  return OTHERS.some((prefix) => address.startsWith(prefix)) ? { type: 'other' } : undefined;
}

export interface IncomingParts {
  readonly onMessage: (message: FromVrchat) => void;
  readonly countMessage: () => void;
  readonly countBad: (reason: BadDatagram | 'unknown_address' | 'flood') => void;
}

/** The receive path: cheap, bounded, and nothing that arrives can end the process. */
export interface Incoming {
  onDatagram(datagram: Buffer): void;
  /** A new beat begins: so many datagrams may be read again. */
  beat(): void;
}

export function createIncoming({ onMessage, countMessage, countBad }: IncomingParts): Incoming {
  let budget = PER_BEAT;
  return {
    onDatagram(datagram) {
      if (budget <= 0) return countBad('flood');
      budget -= 1;
      const decoded = decodeDatagram(datagram);
      if (!decoded.ok) return countBad(decoded.reason);
      for (const message of decoded.messages) {
        countMessage();
        const known = classifyMessage(message);
        if (known) onMessage(known);
        else countBad('unknown_address');
      }
    },
    beat() {
      budget = PER_BEAT;
    },
  };
}
