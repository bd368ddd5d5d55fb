import { INCIDENT_STATES, NOTICE_STATES } from '@understudy/shared/contracts';
import { Command } from 'commander';
import type { CommandContext } from './commands/command-context.ts';
import { hostEnv } from './commands/host-env.ts';
import { acknowledge, type IncidentsOptions, incident, incidents } from './commands/incidents.ts';
import { type InjectOptions, inject } from './commands/inject.ts';
import { type NoticesOptions, notices, notifyTest } from './commands/notices.ts';
import { reload, resume, status } from './commands/operate.ts';
import { type RotateOptions, rotateSecrets } from './commands/secrets.ts';
import { type InputOptions, input, say } from './commands/talk.ts';
import { watch } from './commands/watch.ts';

/**
 * The command line. Throws commander's CommanderError for what it cannot parse and a CommandError for what does not work.
 * @param contextFor called once a command is known
 */
export function createProgram(contextFor: (options: { json: boolean }) => CommandContext): Command {
  const program = new Command('understudy')
    .description('See and operate the Understudy that runs from this checkout.')
    .option('--json', 'for programs: print the answer as JSON', false)
    .exitOverride()
    .showHelpAfterError('(npx understudy --help lists all commands)');
  const context = () => contextFor({ json: program.opts<{ json: boolean }>().json });

  program
    .command('status')
    .description('health, mode, what works, each service')
    .action(() => status(context()));
  program
    .command('incidents')
    .description('what broke: what is open, then the newest')
    .option('--state <state>', INCIDENT_STATES.join(', '))
    .option('--error <id>', 'the incident that an error of a reply led to')
    .option('--limit <count>', 'at most so many')
    .action((options: IncidentsOptions) => incidents(context(), options));
  program
    .command('incident <id>')
    .description('the whole story of one incident; the first characters of its id do')
    .action((id: string) => incident(context(), id));
  program
    .command('acknowledge <id>')
    .description('you know of this incident: it is not told again')
    .action((id: string) => acknowledge(context(), id));
  program
    .command('watch')
    .description('a line per incident and recovery, as they happen')
    .action(() => watch(context()));
  program
    .command('input <text>')
    .description('say something to the bot, as a viewer writes it')
    .option('--user <id>', 'which viewer')
    .option('--session <id>', 'which conversation')
    .action((text: string, options: InputOptions) => input(context(), text, options));
  program
    .command('say <text>')
    .description('let the simulated microphone say it')
    .option('--device <id>', 'which microphone')
    .action((text: string, options: { device?: string }) => say(context(), text, options));
  program
    .command('inject <fault>')
    .description('break something on purpose (after npm start -- --faults)')
    .option('--target <id>', 'one device or provider; without it all')
    .option('--service <name>', 'whose process, for faults that every process can suffer')
    .option('--duration <time>', 'for how long: 500ms, 5s, 2m', '10s')
    .action((fault: string, options: InjectOptions) => inject(context(), fault, options));
  program
    .command('notices')
    .description('what people were told, newest first')
    .option('--state <state>', NOTICE_STATES.join(', '))
    .option('--policy <name>', 'one of the four under alerts, such as critical_errors')
    .option('--last <time>', 'only of the last so long: 10m, 2h')
    .option('--limit <count>', 'at most so many')
    .action((options: NoticesOptions) => notices(context(), options));
  program
    .command('notify-test')
    .description('send one notice to every receiver, and say which were reached')
    .action(() => notifyTest(context()));
  program
    .command('resume <service>')
    .description('let a parked service work again')
    .action((service: string) => resume(context(), service));
  program
    .command('reload')
    .description('read config/understudy.yaml again')
    .action(() => reload(context()));
  program
    .command('host-env <service>')
    .description('let a service run on this machine beside the Compose stack: writes its environment')
    .option('--lite', 'beside docker-compose.lite.yml', false)
    .action(async (service: string, options: { lite: boolean }) => {
      const { answer, root } = context();
      const text = await hostEnv(root, service, options);
      answer(text, { text });
    });
  const secrets = program.command('secrets').description('what the programs of the stack know each other by');
  secrets
    .command('rotate')
    .description('renew all of them: NATS, Redis, Grafana, the API token')
    .option('--lite', 'of docker-compose.lite.yml', false)
    .option('--native', 'of the native start, which must not run', false)
    .action(async (options: RotateOptions) => {
      const { answer, root } = context();
      const text = await rotateSecrets(root, options);
      answer(text, { text });
    });
  return program;
}
