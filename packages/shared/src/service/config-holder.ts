import { type ConfigFile, type ConfigProblem, loadConfig, type Peer, type ResolvedConfig } from '../config/index.ts';
import { waitForNextStart } from './read-at-start.ts';

export interface ConfigHolder {
  /** The operator's own file. */
  readonly file: ConfigFile;
  current(): ResolvedConfig;
  simulated(): readonly Peer[];
  onChange(listener: (config: ResolvedConfig) => void): void;
  /** Reads the file again; a wrong one changes nothing. */
  reload(): void;
  /** The problems of the last reload; empty when what is on disk is in use. */
  problems(): readonly ConfigProblem[];
  /** Settings that were changed since the start and are not taken before the next one. */
  waiting(): readonly string[];
  /** Reads another file from now on: the fault `configuration_invalid` plants one. */
  readFrom(file: ConfigFile): void;
}

export function createConfigHolder(
  file: ConfigFile,
  first: { config: ResolvedConfig; simulated: readonly Peer[] },
): ConfigHolder {
  let readFrom = file;
  let good = first;
  let problems: readonly ConfigProblem[] = [];
  const listeners: ((config: ResolvedConfig) => void)[] = [];
  return {
    file,
    current: () => good.config,
    simulated: () => good.simulated,
    problems: () => problems,
    waiting: () => waitForNextStart(first.config, good.config),
    onChange: (listener) => void listeners.push(listener),
    readFrom(next) {
      readFrom = next;
    },
    reload() {
      const loaded = loadConfig(readFrom);
      problems = loaded.ok ? [] : loaded.problems;
      if (!loaded.ok) return;
      good = loaded;
      for (const listener of listeners) listener(loaded.config);
    },
  };
}
