/** How Understudy is run, and why so, in one line for the operator. */
export type RunMode =
  | { readonly mode: 'native'; readonly why: string }
  | { readonly mode: 'compose'; readonly composeFile: string; readonly why: string };

export interface ModeFacts {
  /** `--native` was given. */
  readonly nativeAsked: boolean;
  /** `UNDERSTUDY_CONFIG` names a file, which no container sees. */
  readonly configNamed: boolean;
  /** The checkout's docker-compose.yml, if it has one. */
  readonly composeFile: string | undefined;
  /** Runs docker with these arguments. @returns its output, `undefined` when it fails or is not there */
  readonly docker: (args: readonly string[]) => Promise<string | undefined>;
}

/** Compose needs an engine that answers and every image at hand: nobody waits for gigabytes who only said `npm start`. */
export async function chooseMode({ nativeAsked, configNamed, composeFile, docker }: ModeFacts): Promise<RunMode> {
  const native = (why: string): RunMode => ({ mode: 'native', why });
  if (nativeAsked) return native('--native was given');
  if (configNamed) return native('the Compose stack reads config/understudy.yaml, and UNDERSTUDY_CONFIG names another');
  if (composeFile === undefined) return native('this checkout has no docker-compose.yml');
  if ((await docker(['info', '--format', '{{.ServerVersion}}'])) === undefined)
    return native('no Docker engine answers');
  const images = await docker(['compose', '-f', composeFile, 'config', '--images']);
  if (images === undefined) return native(`docker compose cannot read ${composeFile}`);
  const names = images.split('\n').filter((line) => line.trim() !== '');
  if ((await docker(['image', 'inspect', '--format', '{{.Id}}', ...names])) === undefined)
    return native('not every image of docker-compose.yml is at hand (docker compose build and pull bring them)');
  return { mode: 'compose', composeFile, why: 'a Docker engine answers and every image is at hand' };
}
