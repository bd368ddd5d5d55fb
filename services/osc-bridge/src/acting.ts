import { join } from 'node:path';
import type { ServiceContext } from '@understudy/shared/service';
import { type Chatbox, createChatbox } from './chatbox/chatbox.ts';
import { createEverSetFile } from './expressions/ever-set-file.ts';
import { createExpressionPlayer } from './expressions/expression-player.ts';
import { createEverHeldFile } from './inputs/ever-held-file.ts';
import { createInputs, type Inputs } from './inputs/inputs.ts';
import type { OscMessage } from './osc/osc-message.ts';
import type { AvatarParameters } from './parameters/avatar-parameters.ts';
import { createParameterOutbox } from './parameters/parameter-outbox.ts';
import { chatboxSettings } from './settings.ts';
import type { SteadyNow } from './steady-time.ts';

/** Everything that the bot does in VRChat: writes, makes faces, moves. */
export interface Acting {
  readonly chatbox: Chatbox;
  readonly inputs: Inputs;
  /** @returns whether `vrchat.expressions` has it */
  express(name: string): boolean;
  /** The parameters that are wanted go out again. */
  resendParameters(): void;
  beat(options: { readonly isReachable: boolean; readonly areParametersPaused: boolean }): void;
  /** VRChat is back or the sockets are new: it may still hold and show what nobody here remembers. */
  cleanSlate(): void;
  /** VRChat is gone: what waits is dropped, an expression ends where its last step would. */
  quit(): void;
  isIdle(): boolean;
  /** Nothing more is shown, and what is held is released. */
  stand(): void;
  /** The last releases. */
  finish(): Promise<void>;
}

export interface ActingParts {
  readonly context: ServiceContext<'osc-bridge'>;
  readonly now: SteadyNow;
  readonly parameters: AvatarParameters;
  readonly send: (message: OscMessage) => Promise<boolean>;
  /** How long VRChat lets an echo wait now, in milliseconds. */
  readonly lagMs: () => number;
}

export function createActing({ context, now, parameters, send, lagMs }: ActingParts): Acting {
  const { metrics, config } = context;
  const countParameter = (result: string): void => metrics.inc('understudy_avatar_parameters_total', { result });
  const outbox = createParameterOutbox(parameters);
  const chatbox = createChatbox({
    now,
    send,
    settings: () => chatboxSettings(config(), lagMs()),
    count: (result, by) => metrics.inc('understudy_chatbox_messages_total', { result }, by),
  });
  const inputs = createInputs({
    now,
    send,
    leaseMs: () => config().vrchat.input_lease_ms,
    everHeld: createEverHeldFile(join(context.dataFolder, 'ever-held.json')),
    report: (error) => context.reportError(error),
  });
  const expressions = createExpressionPlayer({
    now,
    expressions: () => config().vrchat.expressions,
    want: outbox.want,
    isSent: outbox.isEmpty,
    everSet: createEverSetFile(join(context.dataFolder, 'ever-set.json')),
    count: (result) => metrics.inc('understudy_expressions_total', { result }),
  });
  const sendParameters = (): Promise<unknown> => {
    const { messages, leftOut } = outbox.take();
    for (const { reason } of leftOut) countParameter(reason);
    return Promise.all(
      messages.map(async (message) => {
        const isSent = await send(message);
        countParameter(isSent ? 'sent' : 'failed');
        if (!isSent) outbox.refused(message);
      }),
    );
  };
  const quit = (): void => {
    chatbox.clear();
    expressions.settle();
  };

  return {
    chatbox,
    inputs,
    express: expressions.play,
    resendParameters: outbox.resend,
    beat({ isReachable, areParametersPaused }) {
      inputs.beat(isReachable);
      if (!isReachable) return;
      chatbox.beat();
      if (areParametersPaused) return;
      expressions.beat();
      void sendParameters();
    },
    cleanSlate() {
      chatbox.forgetTyping();
      inputs.releaseEverHeld();
    },
    quit,
    isIdle: () => chatbox.isIdle() && inputs.isIdle() && expressions.isIdle(),
    stand() {
      quit();
      inputs.releaseAll();
    },
    async finish() {
      const isPlaying = !expressions.isIdle();
      expressions.settle();
      await Promise.all([inputs.finish(), chatbox.finish(), isPlaying ? sendParameters() : undefined]);
    },
  };
}
