/** How one sample lies on the wire. Values are -1 to 1: integers clip when written, floats when read. */
export interface SampleFormat {
  readonly name: string;
  readonly bytes: number;
  read(payload: Buffer, offset: number): number;
  write(payload: Buffer, value: number, offset: number): void;
}

const clip = (value: number, scale: number): number =>
  Math.max(-scale, Math.min(scale - 1, Math.round(value * scale))) || 0;
const bounded = (value: number): number => (Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0);

/** By the index in bits 0 to 2 of byte 7. 12 and 10 bit (6 and 7) are refused: the protocol names them and says not how they lie. */
export const SAMPLE_FORMATS: readonly SampleFormat[] = [
  {
    name: 'u8',
    bytes: 1,
    read: (payload, offset) => (payload.readUInt8(offset) - 128) / 128,
    write: (payload, value, offset) => void payload.writeUInt8(clip(value, 128) + 128, offset),
  },
  {
    name: 's16',
    bytes: 2,
    read: (payload, offset) => payload.readInt16LE(offset) / 2 ** 15,
    write: (payload, value, offset) => void payload.writeInt16LE(clip(value, 2 ** 15), offset),
  },
  {
    name: 's24',
    bytes: 3,
    read: (payload, offset) => payload.readIntLE(offset, 3) / 2 ** 23,
    write: (payload, value, offset) => void payload.writeIntLE(clip(value, 2 ** 23), offset, 3),
  },
  {
    name: 's32',
    bytes: 4,
    read: (payload, offset) => payload.readInt32LE(offset) / 2 ** 31,
    write: (payload, value, offset) => void payload.writeInt32LE(clip(value, 2 ** 31), offset),
  },
  {
    name: 'f32',
    bytes: 4,
    read: (payload, offset) => bounded(payload.readFloatLE(offset)),
    write: (payload, value, offset) => void payload.writeFloatLE(value, offset),
  },
  {
    name: 'f64',
    bytes: 8,
    read: (payload, offset) => bounded(payload.readDoubleLE(offset)),
    write: (payload, value, offset) => void payload.writeDoubleLE(value, offset),
  },
];
