import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { DEMO_AVATARS } from './vrchat/avatar.ts';

// Which simulators run and where. Given as JSON; a simulator whose key is missing does not run.

const strict = { additionalProperties: false };
const Port = Type.Integer({ minimum: 0, maximum: 65_535 });
const Host = Type.String({ minLength: 1 });
const Name = Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' });
const Stream = Type.String({ pattern: '^[ -~]{1,16}$' });
const Address = Type.Object({ host: Host, port: Port }, strict);
const Avatar = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    parameters: Type.Record(
      Type.String(),
      Type.Union([Type.Literal('int'), Type.Literal('float'), Type.Literal('bool')]),
    ),
  },
  strict,
);

export const SimulatorsConfigSchema = Type.Object(
  {
    /** Where everything listens; loopback when it is missing. */
    listen: Type.Optional(Host),
    control: Type.Object(
      {
        port: Port,
        /** Host headers that are accepted besides loopback's. */
        allowedHosts: Type.Optional(Type.Array(Host)),
      },
      strict,
    ),
    vrchat: Type.Optional(
      Type.Object(
        {
          receivePort: Port,
          sendTo: Address,
          oscQueryPort: Type.Optional(Port),
          /** The first is worn at the start. */
          avatars: Type.Optional(Type.Array(Avatar, { minItems: 1 })),
        },
        strict,
      ),
    ),
    openai: Type.Optional(
      Type.Object(
        {
          port: Port,
          providers: Type.Array(Name, { minItems: 1, uniqueItems: true }),
          models: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })),
        },
        strict,
      ),
    ),
    camera: Type.Optional(Type.Object({ port: Port }, strict)),
    audio: Type.Optional(
      Type.Object(
        {
          microphones: Type.Array(Type.Object({ id: Name, stream: Stream, sendTo: Address }, strict)),
          speakers: Type.Array(Type.Object({ id: Name, stream: Stream, port: Port }, strict)),
        },
        strict,
      ),
    ),
  },
  strict,
);
export type SimulatorsConfig = Static<typeof SimulatorsConfigSchema>;

/** Without a simulator there is nothing to control. */
export const namesSimulators = ({ vrchat, openai, camera, audio }: SimulatorsConfig): boolean =>
  [vrchat, openai, camera, audio].some((simulator) => simulator !== undefined);

const LOCAL = '127.0.0.1';
const GATEWAY = { host: LOCAL, port: 6981 };

/** All simulators on the ports of the demo. */
export const DEMO_CONFIG: SimulatorsConfig = {
  control: { port: 8790 },
  vrchat: {
    receivePort: 19_000,
    sendTo: { host: LOCAL, port: 19_001 },
    oscQueryPort: 19_002,
    avatars: DEMO_AVATARS.map(({ id, parameters }) => ({ id, parameters: { ...parameters } })),
  },
  openai: { port: 8791, providers: ['primary', 'backup', 'voice'] },
  camera: { port: 8792 },
  audio: {
    microphones: [
      { id: 'headset-mic', stream: 'HeadsetMic', sendTo: GATEWAY },
      { id: 'desk-mic', stream: 'DeskMic', sendTo: GATEWAY },
    ],
    speakers: [
      { id: 'headset-out', stream: 'HeadsetOut', port: 6990 },
      { id: 'desk-out', stream: 'DeskOut', port: 6990 },
    ],
  },
};

export class SimulatorsConfigError extends Error {
  override readonly name = 'SimulatorsConfigError';
  readonly code = 'SIMULATORS_CONFIG';
}

const compiled = Compile(SimulatorsConfigSchema);

/** Reads the JSON that says which simulators run; without it all run on the demo's ports. @throws SimulatorsConfigError */
export function readSimulatorsConfig(json: string | undefined): SimulatorsConfig {
  if (json === undefined || json.trim() === '') return DEMO_CONFIG;
  const value = parseJson(json);
  if (compiled.Check(value)) return value;
  const problems = compiled
    .Errors(value)
    // TypeBox reports an unknown key twice: at the object, and by name as a schema that allows nothing.
    .filter(({ keyword }) => keyword !== 'additionalProperties')
    .map(
      ({ keyword, instancePath, message }) =>
        `${instancePath || '/'} ${keyword === 'boolean' ? 'is not known' : message}`,
    );
  throw new SimulatorsConfigError(
    `The simulators' configuration is wrong: ${problems.join('; ')}. Example: ${EXAMPLE}`,
  );
}

const EXAMPLE = '{"control":{"port":8790},"camera":{"port":8792}}';

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new SimulatorsConfigError(
      `The simulators' configuration is no JSON (${String(cause)}). Example: ${EXAMPLE}`,
      { cause },
    );
  }
}
