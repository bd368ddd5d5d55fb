import { join } from 'node:path';
import type { ServiceContext } from '@understudy/shared/service';
import { type Chatbox, createChatbox } from './chatbox/chatbox.ts';
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
  express(emotion: string): void;
  /** The parameters that are wanted go out again. */
  resendParameters(): void;
  beat(options: { readonly isReachable: boolean; readonly areParametersPaused: boolean }): void;
  /** VRChat is back or the sockets are new: it may still hold and show what nobody here remembers. */
  cleanSlate(): void;
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
}

export function createActing({ context, now, parameters, send }: ActingParts): Acting {
  const { metrics, config } = context;
  const countParameter = (result: string): void => metrics.inc('understudy_avatar_parameters_total', { result });
  const outbox = createParameterOutbox(parameters);
  const chatbox = createChatbox({
    now,
    send,
    settings: () => chatboxSettings(config()),
    count: (result, by) => metrics.inc('understudy_chatbox_messages_total', { result }, by),
  });
  const inputs = createInputs({
    now,
    send,
    leaseMs: () => config().vrchat.input_lease_ms,
    everHeld: createEverHeldFile(join(context.dataFolder, 'ever-held.json')),
    report: (error) => context.reportError(error),
  });
  const sendParameters = (): void => {
    const { messages, leftOut } = outbox.take();
    for (const message of messages) void send(message).then((sent) => countParameter(sent ? 'sent' : 'failed'));
    for (const { reason } of leftOut) countParameter(reason);
  };

  return {
    chatbox,
    inputs,
    express(emotion) {
      const { expressions } = config().vrchat;
      const values = Object.hasOwn(expressions, emotion) ? expressions[emotion] : undefined;
      if (values) outbox.want(values);
      else countParameter('no_expression');
    },
    resendParameters: outbox.resend,
    beat({ isReachable, areParametersPaused }) {
      inputs.beat(isReachable);
      if (!isReachable) return;
      chatbox.beat();
      if (!areParametersPaused) sendParameters();
    },
    cleanSlate() {
      chatbox.forgetTyping();
      inputs.releaseEverHeld();
    },
    stand() {
      chatbox.clear();
      inputs.releaseAll();
    },
    async finish() {
      await Promise.all([inputs.finish(), chatbox.finish()]);
    },
  };
}
