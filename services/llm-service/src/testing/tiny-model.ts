import { encodeGguf, type GgufTensor, type GgufValue } from './gguf-file.ts';

/**
 * What it says, by the last word of what it is asked; whatever ends otherwise is answered as `short`. No word stands twice, and none is a
 * mere letter or mark, which would be read from any question.
 */
const ANSWERS = {
  short: ['Hello', ' there.'],
  /** Again and again, until it is cut. */
  long: [' The', ' show', ' goes', ' on!'],
  nothing: [],
} as const;

/** States that the model can be in: each of the words above is one. */
const WIDTH = 64;
const END = 2;
/** A token's kind, as llama.cpp numbers them. */
const KIND = { normal: 1, unknown: 2, control: 3, userDefined: 4, byte: 6 } as const;
/** How much likelier the next word is than any other. */
const CERTAIN = 10;

interface Token {
  readonly text: string;
  readonly kind: number;
  /** That it leaves the model in. */
  readonly state: number;
}

/** @returns its tokens, and for each state the token that comes next */
function vocabulary(): { tokens: readonly Token[]; next: ReadonlyMap<number, number> } {
  const byte = (value: number) => `<0x${value.toString(16).toUpperCase().padStart(2, '0')}>`;
  const tokens: Token[] = [
    { text: '<unk>', kind: KIND.unknown, state: 0 },
    { text: '<s>', kind: KIND.control, state: 0 },
    { text: '</s>', kind: KIND.control, state: 0 },
    ...Array.from({ length: 256 }, (_, value) => ({ text: byte(value), kind: KIND.byte, state: 0 })),
  ];
  const next = new Map<number, number>();
  let state = 0;
  for (const [asked, words] of Object.entries(ANSWERS)) {
    const first = state;
    tokens.push({ text: asked, kind: KIND.userDefined, state: first });
    for (const word of words) {
      next.set(state, tokens.length);
      state += 1;
      tokens.push({ text: word.replace(' ', '\u2581'), kind: KIND.normal, state });
    }
    next.set(state, asked === 'long' ? (next.get(first) ?? END) : END);
    state += 1;
  }
  return { tokens, next };
}

const u32 = (value: number): GgufValue => ({ type: 'u32', value });
const string = (value: string): GgufValue => ({ type: 'string', value });
const ones = (name: string): GgufTensor => ({ name, shape: [WIDTH], data: new Float32Array(WIDTH).fill(1) });
const zeros = (name: string): GgufTensor => ({
  name,
  shape: [WIDTH, WIDTH],
  data: new Float32Array(WIDTH * WIDTH),
});

/**
 * A model of the Llama kind in 260 KB, for real servers: they load, stream, count, end and cut as with any other. Its one layer adds
 * nothing (all zero), so that each word follows for certain from the one before. A token of what it is asked is a byte.
 */
export function createTinyModel(): Buffer {
  const { tokens, next } = vocabulary();
  const embedding = new Float32Array(tokens.length * WIDTH);
  for (const [token, { state }] of tokens.entries()) embedding[token * WIDTH + state] = 1;
  const output = new Float32Array(tokens.length * WIDTH);
  for (const [state, token] of next) output[token * WIDTH + state] = CERTAIN;
  const shape = [WIDTH, tokens.length];
  const facts: Record<string, GgufValue> = {
    'general.architecture': string('llama'),
    'general.name': string('tiny'),
    'general.file_type': u32(0),
    'llama.context_length': u32(131_072),
    'llama.embedding_length': u32(WIDTH),
    'llama.block_count': u32(1),
    'llama.feed_forward_length': u32(WIDTH),
    'llama.attention.head_count': u32(1),
    'llama.attention.head_count_kv': u32(1),
    'llama.attention.layer_norm_rms_epsilon': { type: 'f32', value: 1e-5 },
    'llama.rope.dimension_count': u32(WIDTH),
    'llama.vocab_size': u32(tokens.length),
    'tokenizer.ggml.model': string('llama'),
    'tokenizer.ggml.tokens': { type: 'array', of: 'string', value: tokens.map(({ text }) => text) },
    'tokenizer.ggml.scores': { type: 'array', of: 'f32', value: tokens.map(() => 0) },
    'tokenizer.ggml.token_type': { type: 'array', of: 'i32', value: tokens.map(({ kind }) => kind) },
    'tokenizer.ggml.bos_token_id': u32(1),
    'tokenizer.ggml.eos_token_id': u32(END),
    'tokenizer.ggml.unknown_token_id': u32(0),
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: true },
    'tokenizer.chat_template': string('{% for message in messages %}{{ message.content }}{% endfor %}'),
  };
  return encodeGguf(facts, [
    { name: 'token_embd.weight', shape, data: embedding },
    ones('blk.0.attn_norm.weight'),
    ...['attn_q', 'attn_k', 'attn_v', 'attn_output'].map((name) => zeros(`blk.0.${name}.weight`)),
    ones('blk.0.ffn_norm.weight'),
    ...['ffn_gate', 'ffn_up', 'ffn_down'].map((name) => zeros(`blk.0.${name}.weight`)),
    ones('output_norm.weight'),
    { name: 'output.weight', shape, data: output },
  ]);
}
