import { join, resolve } from 'node:path';
import { type ConfigFile, configFileOf, type ResolvedConfig } from '@understudy/shared/config';

/** Where everything of one start lies. */
export interface Places {
  /** The checkout. */
  readonly root: string;
  readonly configFile: ConfigFile;
  /** `.understudy`; the e2e tests give each start its own. */
  readonly state: string;
  readonly data: string;
  readonly secrets: string;
  /** Who runs now: the starter's record and one for each process. */
  readonly run: string;
  readonly tokenFile: string;
  readonly logs: string;
}

export interface PlaceOptions {
  readonly root: string;
  readonly configFile?: string | undefined;
  readonly stateFolder?: string | undefined;
  readonly logsFolder?: string | undefined;
}

export const stateFolderOf = ({ root, stateFolder }: PlaceOptions): string =>
  resolve(root, stateFolder ?? '.understudy');

export const runFolderOf = (state: string): string => join(state, 'run');

export function placesOf(options: PlaceOptions, config: ResolvedConfig): Places {
  const state = stateFolderOf(options);
  return {
    root: options.root,
    configFile: configFileOf(options.root, options.configFile),
    state,
    data: join(state, 'data'),
    secrets: join(state, 'secrets'),
    run: runFolderOf(state),
    tokenFile: join(state, 'token'),
    logs: resolve(options.root, options.logsFolder ?? config.logging.output.folder),
  };
}
