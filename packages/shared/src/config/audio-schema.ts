import Type, { type Static } from 'typebox';
import { count, flag, loopback, ms, name, port, section, serverUrl, share } from './schema-parts.ts';

/** As it lies in a packet. */
const streamName = (description: string) =>
  Type.String({
    maxLength: 16,
    pattern: '^[ -~]+$',
    patternErrorMessage: 'of printable ASCII, as it lies in a VBAN packet',
    description,
  });

const VbanInputSchema = Type.Object(
  {
    id: name('Your name for the device; incidents and commands use it.'),
    kind: Type.Literal('vban'),
    stream: streamName("The VBAN stream's name at the sender, exactly."),
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
/** Neither an index, which is another device's tomorrow, nor an alias such as `@DEFAULT_SOURCE@`, which follows the system's choice. */
const PULSE_NAME = '^(?!@)(?![0-9]+$).+$';
const pulseName = (description: string) =>
  Type.String({
    maxLength: 256,
    pattern: PULSE_NAME,
    patternErrorMessage: 'that is the exact name of a device, no number and no alias: `pactl list short` names them',
    description,
  });
const PulseInputSchema = Type.Object(
  {
    id: name('Your name for the device.'),
    kind: Type.Literal('pulse'),
    source: pulseName('The name of the PulseAudio or PipeWire source, exactly: `pactl list short sources`.'),
  },
  { additionalProperties: false },
);
const VbanOutputSchema = Type.Object(
  {
    id: name('Your name for the device.'),
    kind: Type.Literal('vban'),
    stream: streamName('The VBAN stream name that the receiver expects.'),
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
const PulseOutputSchema = Type.Object(
  {
    id: name('Your name for the device.'),
    kind: Type.Literal('pulse'),
    sink: pulseName('The name of the PulseAudio or PipeWire sink, exactly: `pactl list short sinks`.'),
  },
  { additionalProperties: false },
);
export const AudioInputSchema = Type.Union([VbanInputSchema, PulseInputSchema, WavInputSchema]);
export const AudioOutputSchema = Type.Union([VbanOutputSchema, PulseOutputSchema, WavOutputSchema]);
export type AudioInput = Static<typeof AudioInputSchema>;
export type AudioOutput = Static<typeof AudioOutputSchema>;

const VoiceProviderSchema = Type.Object(
  {
    name: name('Your name for the provider.'),
    base_url: serverUrl('Ends in /v1.'),
    model: Type.String({ minLength: 1, description: "The model's name at the provider." }),
    language: Type.Optional(
      Type.String({
        pattern: '^[a-z]{2,3}$',
        description: 'Transcription only: the language that is spoken, as `en` or `de`. None: the engine guesses.',
      }),
    ),
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
    pulse: section(
      {
        server: Type.Optional(
          Type.String({
            minLength: 1,
            description: '`unix:/path` or `tcp:host:port`. None: PULSE_SERVER, else the server of the user.',
          }),
        ),
        latency_ms: ms(20, 'Sound that the server may hold back.', 2000),
      },
      'The sound server of devices of kind pulse.',
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
    silence_timeout_ms: ms(
      300_000,
      'An input that delivers only zeros for so long is silent: muted. A noise gate delivers zeros between two sentences, too.',
    ),
    clipping_share: share(0.02, 'Samples at full scale, of all, from which an input clips.'),
    clipping_for_ms: ms(3000, 'For so long, while somebody speaks.'),
    drift_share: share(0.01, "How far an input's clock may be off; half a tone is 0.06."),
    drift_for_ms: ms(30_000, 'For so long.'),
    untranscribed_ms: ms(
      20_000,
      'So much speech without one transcript: hearing is broken, however well the meter moves.',
    ),
    ping_interval_ms: ms(1000, 'How often an output is asked whether it is there.'),
    ping_timeout_ms: ms(150, 'How long its answer may take.'),
    speech_detection: section(
      {
        engine: Type.Enum(['silero', 'energy'], {
          default: 'silero',
          description: 'A model that tells speech from noise, or loudness alone.',
        }),
        start_probability: share(0.5, 'silero: from here a frame is speech.'),
        end_probability: share(0.35, 'silero: below this it is none.'),
        gate_db: Type.Number({
          default: -60,
          minimum: -90,
          maximum: 0,
          description: 'silero: what is quieter (dBFS) is not shown to the model.',
        }),
        start_db: Type.Number({
          default: -45,
          minimum: -90,
          maximum: 0,
          description: 'energy: louder than this (dBFS) is speech.',
        }),
        start_ms: ms(90, 'Speech must last so long to begin an utterance.'),
        hangover_ms: ms(600, 'Silence that ends an utterance.'),
        pre_roll_ms: ms(300, 'Sound before the beginning that belongs to it.'),
        longest_ms: ms(30_000, 'The longest utterance; then it is cut.'),
        barge_in: flag(true, 'A person who speaks over the bot stops it.'),
        barge_in_ms: ms(400, 'Who speaks so long over the bot means it.'),
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
        account_after_ms: ms(
          60_000,
          'The same where the provider refuses key or quota, or has no memory: one failure is enough.',
        ),
      },
      'When a provider of speech or transcription is left out for a while.',
    ),
    self_talk_similarity: Type.Number({
      default: 0.8,
      minimum: 0,
      maximum: 1,
      description: 'A transcript so close to what was just spoken is dropped.',
    }),
    self_talk_correlation: share(0.8, "Sound whose loudness follows the bot's own speech so closely is dropped."),
  },
  'Hearing and speaking.',
);
