import { replyText } from '../format/reply-text.ts';
import type { CommandContext } from './command-context.ts';

export interface InputOptions {
  readonly user?: string;
  readonly session?: string;
}

export async function input(
  { client, answer, paint, phrase }: CommandContext,
  text: string,
  options: InputOptions,
): Promise<void> {
  const { user, session } = options;
  const reply = await client.input({
    text,
    ...(user === undefined ? {} : { userId: user }),
    ...(session === undefined ? {} : { sessionId: session }),
  });
  answer(replyText(reply, paint, phrase), reply);
}

export async function say(
  { client, answer }: CommandContext,
  text: string,
  options: { device?: string },
): Promise<void> {
  const result = await client.say(text, options.device);
  answer(`The simulated microphone says it; the bot answers in VRChat and on its speaker.`, result);
}
