import { configFileOf, EXIT_BAD_CONFIGURATION } from '@understudy/shared/config';
import { hostEnvironment } from './host-environment.ts';
import { runSetup } from './run-setup.ts';
import { SetupError } from './setup-error.ts';

// The stack's one-shot, as root before all others: node src/main.ts [rotate | host-env SERVICE]

const [verb = 'up', ...rest] = process.argv.slice(2);
const volumes = '/volumes';

try {
  if (verb === 'host-env') process.stdout.write(hostEnvironment(rest[0], volumes, process.env));
  else if (verb === 'up' || verb === 'rotate')
    runSetup({
      configFile: configFileOf('.', process.env['UNDERSTUDY_CONFIG']),
      secretsFolder: '/operator-secrets',
      volumes,
      owner: { uid: 1000, gid: 1000 },
      stack: process.env['UNDERSTUDY_STACK'] === 'lite' ? 'lite' : 'full',
      rotate: verb === 'rotate',
      env: process.env,
      say: (line) => console.log(`setup: ${line}`),
    });
  else throw new SetupError(`"${verb}" is none of up, rotate, host-env SERVICE`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`setup: ${error.message}`);
  process.exitCode = EXIT_BAD_CONFIGURATION;
}
