/** GGUF's kinds of values; an array has one kind for all its members. */
export type GgufValue =
  | { readonly type: 'u32' | 'f32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'array'; readonly of: 'i32' | 'f32' | 'string'; readonly value: readonly (number | string)[] };

export interface GgufTensor {
  readonly name: string;
  /** The dimension that lies side by side in memory first. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const TYPE = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;
const VERSION = 3;
const F32 = 0;
const ALIGNMENT = 32;

const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);
const u64 = (value: number): Buffer => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
const string = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

function scalar(type: keyof typeof TYPE, value: number | string | boolean): Buffer {
  if (typeof value === 'string') return string(value);
  if (typeof value === 'boolean') return Buffer.of(value ? 1 : 0);
  return type === 'f32' ? Buffer.from(Float32Array.of(value).buffer) : u32(value);
}

function entry(key: string, fact: GgufValue): Buffer {
  const value =
    fact.type === 'array'
      ? [u32(TYPE[fact.of]), u64(fact.value.length), ...fact.value.map((one) => scalar(fact.of, one))]
      : [scalar(fact.type, fact.value)];
  return Buffer.concat([string(key), u32(TYPE[fact.type]), ...value]);
}

const padded = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT)]);

/** A model as llama.cpp and Ollama read it (GGUF, version 3, little-endian as the machines that run it). */
export function encodeGguf(facts: Readonly<Record<string, GgufValue>>, tensors: readonly GgufTensor[]): Buffer {
  const data = tensors.map((tensor) => padded(Buffer.from(tensor.data.buffer)));
  let offset = 0;
  const places = tensors.map(({ name, shape }, index) => {
    const place = Buffer.concat([string(name), u32(shape.length), ...shape.map(u64), u32(F32), u64(offset)]);
    offset += data[index]?.length ?? 0;
    return place;
  });
  const entries = Object.entries(facts).map(([key, fact]) => entry(key, fact));
  const head = [Buffer.from('GGUF'), u32(VERSION), u64(tensors.length), u64(entries.length), ...entries, ...places];
  return Buffer.concat([padded(Buffer.concat(head)), ...data]);
}
