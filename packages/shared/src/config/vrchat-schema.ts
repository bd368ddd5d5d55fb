import Type, { type Static } from 'typebox';
import { count, flag, loopback, ms, port, section } from './schema-parts.ts';

const parameters = Type.Record(Type.String({ minLength: 1 }), Type.Union([Type.Boolean(), Type.Number()]), {
  description: 'Avatar parameters to set.',
});
export type ExpressionParameters = Static<typeof parameters>;

const step = Type.Object(
  {
    set: parameters,
    for_ms: Type.Integer({ minimum: 0, maximum: 60_000, default: 0, description: 'Then the next step.' }),
  },
  { additionalProperties: false },
);

/** What an emotion or a gesture does: parameters at once, or steps one after another. */
export const ExpressionSchema = Type.Union([parameters, Type.Array(step, { minItems: 1, maxItems: 16 })]);
export type Expression = Static<typeof ExpressionSchema>;

/**
 * A face under the names that avatars use for one: two of our own, the booleans of many face menus, and VRCFaceTracking's
 * unified smile. What an avatar does not have is left out.
 */
const face = (mood: number, emotion: number, shows?: 'Happy' | 'Sad'): ExpressionParameters => ({
  Mood: mood,
  Emotion: emotion,
  Happy: shows === 'Happy',
  Sad: shows === 'Sad',
  'v2/SmileFrown': mood,
});

/** One of the eight emotes of VRChat's own animator (`VRCEmote`); it goes on until it is set to 0. */
const emote = (number: number, forMs: number): Expression => [
  { set: { VRCEmote: number }, for_ms: forMs },
  { set: { VRCEmote: 0 }, for_ms: 0 },
];

/** The emotions of a reply, and gestures to be asked for by name. */
const DEFAULT_EXPRESSIONS: Record<string, Expression> = {
  happy: face(1, 1, 'Happy'),
  sad: face(-1, 2, 'Sad'),
  neutral: face(0, 0),
  wave: emote(1, 3000),
  clap: emote(2, 3000),
  point: emote(3, 2500),
  cheer: emote(4, 3500),
  dance: emote(5, 8000),
};

export const VrchatSchema = section(
  {
    host: Type.Optional(Type.String({ minLength: 1, description: 'Where VRChat runs. None: simulated.' })),
    send_port: port(9000, 'UDP port on which VRChat receives.'),
    listen_host: loopback('Address on which the bridge receives.'),
    receive_port: port(9001, 'UDP port to which VRChat sends.'),
    // No default: VRChat chooses the port anew at each start, and a wrong one would look like VRChat gone.
    oscquery_port: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65_535,
        description: "VRChat's OSCQuery port, where it is known and can be reached.",
      }),
    ),
    osc_folder: Type.Optional(
      Type.String({
        minLength: 1,
        description: "VRChat's folder OSC (.../LocalLow/VRChat/VRChat/OSC): the parameters of each avatar as JSON.",
      }),
    ),
    log_folder: Type.Optional(
      Type.String({
        minLength: 1,
        description: "VRChat's log folder (.../LocalLow/VRChat/VRChat): tells the OSCQuery port and that VRChat runs.",
      }),
    ),
    chatbox: section(
      {
        min_interval_ms: ms(1500, 'Pause between two chatbox messages; VRChat mutes a faster sender.'),
        max_length: count(144, 'UTF-16 units of one message.', 1, 144),
        notification_sound: flag(false, 'Let the chatbox make its sound.'),
        replace_after_ms: ms(4000, 'How long a part of a long reply stays before the next replaces it.'),
      },
      'The chatbox.',
    ),
    echo_parameter: Type.String({
      default: 'UnderstudyProbe',
      description: 'A bool of your avatar; VRChat echoes a change of it, which proves the link.',
    }),
    quiet_after_ms: ms(10_000, 'No message for so long: quiet. That is no failure; the echo is asked.'),
    echo_timeout_ms: ms(1000, 'How long an echo may take.'),
    echo_interval_ms: ms(2000, 'How often the echo is asked while nothing else proves the link.'),
    lost_after_probes: count(2, 'Echoes in a row that do not come: lost.'),
    input_lease_ms: ms(2000, 'A held movement input ends by itself after this time.'),
    expressions: Type.Record(Type.String(), ExpressionSchema, {
      default: DEFAULT_EXPRESSIONS,
      description:
        "A reply's emotion, or a gesture -> avatar parameters, or steps: `[{set: {Wave: true}, for_ms: 1500}, {set: {Wave: false}}]`.",
    }),
  },
  'Acting in VRChat.',
);
