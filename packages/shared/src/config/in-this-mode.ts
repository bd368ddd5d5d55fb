/**
 * This process is one of the stack's containers: the compose files name the other parts by their own names. A service that runs on the
 * host beside the stack knows only itself, as the host. Docker's own mark says less: one may start natively in a container to develop in.
 */
export const isInContainer = (env: Readonly<Record<string, string | undefined>>): boolean =>
  (env['UNDERSTUDY_HOSTS'] ?? '')
    .split(/[\s,]+/)
    .some((pair) => pair !== '' && !pair.endsWith('=host.docker.internal'));

type Rule = readonly [written: RegExp, meant: string];

const IN_STACK: readonly Rule[] = [
  [/npx understudy|(?<=`)understudy(?= [a-z])/g, 'docker compose exec supervisor understudy'],
  [/npm start -- --faults/g, 'UNDERSTUDY_FAULTS=on docker compose up -d'],
  [/npm start/g, 'docker compose up -d'],
  [/in \.understudy\/token/g, 'what docker compose exec supervisor cat /app/secrets/token prints'],
];
const NATIVE: readonly Rule[] = [[/(?<=`)understudy(?= [a-z])/g, 'npx understudy']];

/** A remedy in the commands of the mode in which it is read: texts name those of the native start, or just `understudy status`. */
export const inThisMode = (text: string, env: Readonly<Record<string, string | undefined>> = process.env): string =>
  (isInContainer(env) ? IN_STACK : NATIVE).reduce((told, [written, meant]) => told.replace(written, meant), text);
