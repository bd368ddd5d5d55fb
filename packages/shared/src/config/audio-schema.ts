import Type, { type Static } from 'typebox';
import { count, loopback, ms, name, port, section } from './schema-parts.ts';

const VbanInputSchema = Type.Object(
  {
    id: name('Your name for the device; incidents and commands use it.'),
    kind: Type.Literal('vban'),
    stream: Type.String({ minLength: 1, maxLength: 16, description: "The VBAN stream's name at the sender, exactly." }),
    from: Type.Optional(Type.String({ description: 'Accept packets of this address only.' })),
  },
  { additionalProperties: false },
);
const WavInputSchema = Type.Object(
  {
    id: name('Your name for the device.'),
    kind: Type.Literal('wav'),
    folder: Type.String({
      minLength: 1,
      description: 'WAV files put here are heard, oldest first, and moved to `heard/`.',
    }),
  },
  { additionalProperties: false },
);
const VbanOutputSchema = Type.Object(
  {
    id: name('Your name for the device.'),
    kind: Type.Literal('vban'),
    stream: Type.String({
      minLength: 1,
      maxLength: 16,
      description: 'The VBAN stream name that the receiver expects.',
    }),
    host: loopback('Where the receiver listens.'),
    port: port(6980, 'UDP port of the receiver.'),
    /** Voicemeeter answers; a bare receiver may not, and then only sending proves anything. */
    answers_ping: Type.Boolean({
      default: true,
      description: 'The receiver answers VBAN PING0; its silence means it is gone.',
    }),
  },
  { additionalProperties: false },
);
const WavOutputSchema = Type.Object(
  {
    id: name('Your name for the device.'),
    kind: Type.Literal('wav'),
    folder: Type.String({ minLength: 1, description: 'Each utterance is written here as one WAV file.' }),
  },
  { additionalProperties: false },
);
export const AudioInputSchema = Type.Union([VbanInputSchema, WavInputSchema]);
export const AudioOutputSchema = Type.Union([VbanOutputSchema, WavOutputSchema]);
export type AudioInput = Static<typeof AudioInputSchema>;
export type AudioOutput = Static<typeof AudioOutputSchema>;

const VoiceProviderSchema = Type.Object(
  {
    name: name('Your name for the provider.'),
    base_url: Type.String({ pattern: '^https?://', description: 'Ends in /v1.' }),
    model: Type.String({ minLength: 1, description: "The model's name at the provider." }),
    voice: Type.Optional(Type.String({ minLength: 1, description: 'Speech only.' })),
    api_key_env: Type.Optional(
      Type.String({ minLength: 1, description: 'Name of the environment variable with the key.' }),
    ),
    api_key_file: Type.Optional(Type.String({ minLength: 1, description: 'File with the key.' })),
  },
  { additionalProperties: false },
);
export type VoiceProvider = Static<typeof VoiceProviderSchema>;

export const AudioSchema = section(
  {
    listen: section(
      { host: loopback('Address on which VBAN packets are received.'), port: port(6981, 'UDP port for them.') },
      'Where incoming VBAN streams arrive.',
    ),
    inputs: Type.Array(AudioInputSchema, {
      default: [],
      description:
        'Approved microphones in order of preference; one that is not here is never opened. None: simulated.',
    }),
    outputs: Type.Array(AudioOutputSchema, {
      default: [],
      description: 'Approved outputs in order of preference. None: simulated.',
    }),
    frames_timeout_ms: ms(500, 'An input that delivers nothing for so long is lost.'),
    silence_timeout_ms: ms(30_000, 'An input that delivers only zeros for so long is silent: muted.'),
    ping_interval_ms: ms(1000, 'How often an output is asked whether it is there.'),
    ping_timeout_ms: ms(150, 'How long its answer may take.'),
    speech_detection: section(
      {
        start_db: Type.Number({
          default: -45,
          minimum: -90,
          maximum: 0,
          description: 'Louder than this (dBFS) is speech.',
        }),
        start_ms: ms(90, 'Speech must last so long to begin an utterance.'),
        hangover_ms: ms(600, 'Silence that ends an utterance.'),
        pre_roll_ms: ms(300, 'Sound before the beginning that belongs to it.'),
        longest_ms: ms(30_000, 'The longest utterance; then it is cut.'),
      },
      'When a person speaks.',
    ),
    transcription: section(
      {
        providers: Type.Array(VoiceProviderSchema, { default: [], description: 'Asked in order. None: simulated.' }),
        timeout_ms: ms(8000, 'Deadline of one transcription.'),
      },
      'Speech to text at OpenAI-compatible endpoints.',
    ),
    speech: section(
      {
        providers: Type.Array(VoiceProviderSchema, { default: [], description: 'Asked in order. None: simulated.' }),
        first_byte_timeout_ms: ms(3000, 'Deadline of the first byte of speech.'),
        queue: count(8, 'Sentences that may wait to be spoken; sentences of older turns are dropped first.'),
      },
      'Text to speech at OpenAI-compatible endpoints.',
    ),
    breaker: section(
      {
        consecutive_failures: count(2, 'Failures in a row that leave a provider out.'),
        half_open_after_ms: ms(10_000, 'Then one call tries it again.'),
        account_after_ms: ms(60_000, 'The same where the provider refuses key or quota: one failure is enough.'),
      },
      'When a provider of speech or transcription is left out for a while.',
    ),
    self_talk_similarity: Type.Number({
      default: 0.8,
      minimum: 0,
      maximum: 1,
      description: 'A transcript so close to what was just spoken is dropped.',
    }),
  },
  'Hearing and speaking.',
);
