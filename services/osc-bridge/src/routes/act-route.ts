import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { INPUT_NAMES, type InputName, judgeInputValue } from '../inputs/input-table.ts';

const HoldSchema = Type.Object(
  {
    input: Type.Enum([...INPUT_NAMES]),
    value: Type.Number({ minimum: -1, maximum: 1, description: 'An axis: -1 to 1. A button: 1 presses, 0 releases.' }),
    durationMs: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 60_000,
        description: 'Ends by itself then; vrchat.input_lease_ms at the latest.',
      }),
    ),
  },
  { additionalProperties: false },
);
const ExpressSchema = Type.Object(
  { expression: Type.String({ minLength: 1, maxLength: 80, description: 'One of vrchat.expressions.' }) },
  { additionalProperties: false },
);
const ActRequestSchema = Type.Union([HoldSchema, ExpressSchema]);
type ActRequest = Static<typeof ActRequestSchema>;

const ActResponseSchema = Type.Union([
  Type.Object({ input: Type.String(), value: Type.Number(), held_for_ms: Type.Number() }),
  Type.Object({ expression: Type.String() }),
]);
const RefusalSchema = Type.Object({ statusCode: Type.Integer(), error: Type.String(), message: Type.String() });

export interface ActRouteParts {
  /** Why the avatar cannot act now; undefined when it can. */
  readonly whyNot: () => string | undefined;
  /** @returns for how many milliseconds; undefined when it could not be sent */
  readonly hold: (input: InputName, value: number, durationMs?: number) => Promise<number | undefined>;
  /** Plays what `expressions` names. */
  readonly express: (name: string) => boolean;
  readonly expressions: () => readonly string[];
}

function judge(request: ActRequest, expressions: readonly string[]): string | undefined {
  if ('input' in request) return judgeInputValue(request.input, request.value);
  if (expressions.includes(request.expression)) return undefined;
  return `vrchat.expressions has no '${request.expression}'; it has ${expressions.join(', ') || 'none'}`;
}

/** `POST /v1/act`: holds one movement input for a while, or plays an expression. */
export function registerActRoute(app: FastifyInstance, { whyNot, hold, express, expressions }: ActRouteParts): void {
  app.post<{ Body: ActRequest }>(
    '/v1/act',
    {
      config: { needsToken: true },
      schema: {
        summary: 'Hold a movement input of the avatar, or play an expression',
        body: ActRequestSchema,
        response: { 200: ActResponseSchema, 400: RefusalSchema, 409: RefusalSchema },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const wrong = judge(body, expressions());
      if (wrong) return reply.code(400).send({ statusCode: 400, error: 'BAD_VALUE', message: wrong });
      const cannot = (message: string) => reply.code(409).send({ statusCode: 409, error: 'CANNOT_ACT', message });
      const reason = whyNot();
      if (reason) return cannot(reason);
      if ('expression' in body) {
        express(body.expression);
        return { expression: body.expression };
      }
      const { input, value, durationMs } = body;
      const heldForMs = await hold(input, value, durationMs);
      if (heldForMs === undefined) return cannot(whyNot() ?? `${input} could not be sent just now; try again`);
      return { input, value, held_for_ms: heldForMs };
    },
  );
}
