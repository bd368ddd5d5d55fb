import { type AudioRejection, readAudio, type VbanAudio } from './vban-audio.ts';
import { HEADER_BYTES, type HeaderRejection, readHeader, type SubProtocol } from './vban-header.ts';
import { type PingRejection, readPing, type VbanPing } from './vban-ping.ts';

export type VbanRejection = HeaderRejection | AudioRejection | PingRejection;

/** `other`: a valid packet of a kind that nobody here wants. */
export type VbanPacket =
  | VbanAudio
  | VbanPing
  | { readonly type: 'other'; readonly subProtocol: SubProtocol }
  | { readonly type: 'rejected'; readonly reason: VbanRejection };

const rejected = (reason: VbanRejection): VbanPacket => ({ type: 'rejected', reason });

/** Any bytes in, no exception out: what is not exactly VBAN is `rejected` with its reason. */
export function decodeVban(datagram: Buffer): VbanPacket {
  const header = readHeader(datagram);
  if (typeof header === 'string') return rejected(header);
  const payload = datagram.subarray(HEADER_BYTES);
  switch (header.subProtocol) {
    case 'audio': {
      const audio = readAudio(header, payload);
      return typeof audio === 'string' ? rejected(audio) : audio;
    }
    case 'service': {
      const ping = readPing(header, payload);
      return typeof ping === 'string' ? rejected(ping) : (ping ?? { type: 'other', subProtocol: 'service' });
    }
    case 'serial':
    case 'text':
      return { type: 'other', subProtocol: header.subProtocol };
  }
}
