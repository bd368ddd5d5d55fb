import { inThisMode } from '@understudy/shared/config';
import { type Command, CommanderError } from 'commander';
import { openCheckout } from './checkout.ts';
import { createClient } from './client/understudy-client.ts';
import { CommandError } from './command-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { paintFor } from './format/colours.ts';
import { createProgram } from './program.ts';

export interface CliOptions {
  readonly root: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly output: { write(text: string): unknown; isTTY?: boolean };
  readonly errors: { write(text: string): unknown };
  /** Aborted by Ctrl-C; asked for only by a command that ends in this way. */
  readonly untilInterrupted: () => AbortSignal;
}

/** @returns the exit code; never rejects for what an operator can do something about */
export async function runCli({ root, args, env, output, errors, untilInterrupted }: CliOptions): Promise<ExitCode> {
  const phrase = (text: string) => inThisMode(text, env);
  const tell = (text: string) => void errors.write(`understudy: ${phrase(text)}\n`);
  const program = createProgram(({ json }) => {
    const checkout = openCheckout(root, env);
    if (checkout.problem !== undefined)
      tell(
        `the configuration on disk is wrong; what runs keeps the one from before, and nothing starts with this one:\n${checkout.problem}`,
      );
    return {
      root,
      client: createClient(checkout),
      paint: paintFor(output, env),
      json,
      phrase,
      answer: (text, data) => void output.write(json ? `${JSON.stringify(data)}\n` : `${text}\n`),
      untilInterrupted,
    };
  });
  program.configureOutput({ writeOut: (text) => void output.write(text), writeErr: (text) => void errors.write(text) });
  inheritSettings(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (!(error instanceof CommandError)) throw error;
    tell(error.message);
    return error.exitCode;
  }
}

/** commander copies settings when a command is made; the output is known only now. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) inheritSettings(command.copyInheritedSettings(parent));
}
