import fastify, { type FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { UnknownDeviceError } from './audio/audio-devices.ts';
import { UnknownFaultError } from './faults/fault-board.ts';
import { FAULT_NAMES, FAULTS, isFaultName } from './faults/fault-table.ts';
import { byName, type Simulators } from './running-simulators.ts';
import type { Simulator } from './simulator.ts';
import { LOOPBACK } from './sockets/loopback.ts';
import { portUnavailable } from './sockets/port-unavailable-error.ts';
import { UnknownAvatarError } from './vrchat/worn-avatar.ts';

const strict = { additionalProperties: false };

const FaultRequest = Type.Object(
  {
    fault: Type.String({ minLength: 1, maxLength: 120 }),
    /** One device or provider; without it all are hit. */
    target: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
    /** Without it until `DELETE /faults`. */
    durationMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_600_000 })),
  },
  strict,
);
const SayRequest = Type.Object(
  {
    text: Type.String({ minLength: 1, maxLength: 1000 }),
    /** A microphone; without it the first. */
    device: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
  },
  strict,
);
const VrchatRequest = Type.Object(
  {
    activity: Type.Optional(Type.Union([Type.Literal('active'), Type.Literal('idle')])),
    avatarId: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
  },
  strict,
);

/** The request is well formed and cannot be done here: that simulator does not run, or has no such part. */
class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly statusCode: number;
  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

interface ControlServerOptions {
  readonly host?: string;
  readonly port: number;
  readonly allowedHosts?: readonly string[];
  readonly simulators: Simulators;
}

/** The control API of all simulators, on loopback unless told otherwise. @throws PortUnavailableError */
export async function startControlServer({
  host = LOOPBACK,
  port,
  allowedHosts = [],
  simulators,
}: ControlServerOptions) {
  const app = fastify({
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
    forceCloseConnections: true,
  });
  refuseBrowsers(app, allowedHosts);
  addRoutes(app, simulators);
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const foreseen = [UnknownFaultError, UnknownDeviceError, UnknownAvatarError].some(
      (known) => error instanceof known,
    );
    const status = foreseen ? 400 : (error.statusCode ?? 500);
    return reply.code(status).send({ error: error.message });
  });
  try {
    await app.listen({ host, port });
  } catch (cause) {
    throw portUnavailable("The simulators' control", host, port, cause);
  }
  const address = app.server.address();
  const boundPort = typeof address === 'object' && address !== null ? address.port : port;
  return { url: `http://${LOOPBACK}:${boundPort}`, close: () => app.close() };
}

function addRoutes(app: FastifyInstance, simulators: Simulators): void {
  const { vrchat, audio } = simulators;
  const running = byName(simulators);
  const activeFaults = () => ({ faults: [...running.values()].flatMap(activeFaultsOf) });

  app.get('/state', () => Object.fromEntries([...running].map(([name, simulator]) => [name, simulator.state()])));
  app.get('/heard', () => {
    const devices = requireRunning(audio, 'audio');
    return Object.fromEntries(devices.speakerIds.map((id) => [id, devices.heard(id)]));
  });
  app.post<{ Body: Static<typeof SayRequest> }>('/say', { schema: { body: SayRequest } }, ({ body }) =>
    requireRunning(audio, 'audio').say(body.text, body.device),
  );
  app.post<{ Body: Static<typeof VrchatRequest> }>('/vrchat', { schema: { body: VrchatRequest } }, ({ body }) => {
    const game = requireRunning(vrchat, 'vrchat');
    if (body.avatarId !== undefined) game.switchAvatar(body.avatarId);
    if (body.activity !== undefined) game.setActivity(body.activity);
    const { activity, avatarId } = game.state();
    return { activity, avatarId };
  });
  app.post<{ Body: Static<typeof FaultRequest> }>('/faults', { schema: { body: FaultRequest } }, ({ body }) => {
    const { fault, target, durationMs } = body;
    if (!isFaultName(fault))
      throw new UnknownFaultError(`No simulator has a fault '${fault}'. Known: ${FAULT_NAMES.join(', ')}.`);
    const { simulator } = FAULTS[fault];
    requireRunning(running.get(simulator), simulator).applyFault(fault, target, durationMs);
    return activeFaults();
  });
  app.delete('/faults', () => {
    for (const simulator of running.values()) simulator.clearFaults();
    return activeFaults();
  });
}

function requireRunning<Running>(simulator: Running | undefined, name: string): Running {
  if (simulator === undefined) {
    throw new ControlError(409, `'${name}' is not simulated here: its peer is real, or the simulator was not started.`);
  }
  return simulator;
}

function activeFaultsOf(simulator: Simulator): readonly unknown[] {
  const state: { faults?: readonly unknown[] } = simulator.state();
  return state.faults ?? [];
}

/** Loopback is open to every page in a browser: only JSON, only our own Host, and nothing that comes from a page. */
function refuseBrowsers(app: FastifyInstance, allowedHosts: readonly string[]): void {
  const hosts = new Set(['127.0.0.1', 'localhost', ...allowedHosts]);
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async ({ headers: { host = '', origin } }) => {
    if (!hosts.has(host.replace(/:\d+$/, ''))) {
      throw new ControlError(403, `Host '${host}' is refused: use 127.0.0.1 or localhost.`);
    }
    if (origin !== undefined) throw new ControlError(403, `Pages may not control the simulators (Origin '${origin}').`);
  });
}
