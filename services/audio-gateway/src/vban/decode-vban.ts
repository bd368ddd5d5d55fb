import { type AudioRejection, readAudio, type VbanAudio } from './vban-audio.ts';
import { HEADER_BYTES, type HeaderRejection, readHeader, type SubProtocol } from './vban-header.ts';
import { type PingRejection, readPing, type VbanPing } from './vban-ping.ts';

/** `other`: a valid packet of a kind that nobody here wants; `refused`: audio of a stream that cannot be heard; `rejected`: not VBAN. */
export type VbanPacket =
  | VbanAudio
  | VbanPing
  | { readonly type: 'other'; readonly subProtocol: SubProtocol }
  | { readonly type: 'refused'; readonly reason: AudioRejection; readonly stream: string }
  | { readonly type: 'rejected'; readonly reason: HeaderRejection | PingRejection };

const rejected = (reason: HeaderRejection | PingRejection): VbanPacket => ({ type: 'rejected', reason });

/** Any bytes in, no exception out: what is not exactly VBAN is `rejected` or `refused` with its reason. */
export function decodeVban(datagram: Buffer): VbanPacket {
  const header = readHeader(datagram);
  if (typeof header === 'string') return rejected(header);
  const payload = datagram.subarray(HEADER_BYTES);
  switch (header.subProtocol) {
    case 'audio': {
      const audio = readAudio(header, payload);
      return typeof audio === 'string' ? { type: 'refused', reason: audio, stream: header.stream } : audio;
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
