import { type ConfigProblem, loadConfig, type Peer, type ResolvedConfig } from '../config/index.ts';

export type Reloaded = { ok: true } | { ok: false; problems: readonly ConfigProblem[] };

export interface ConfigHolder {
  /** The operator's own file. */
  readonly file: string;
  current(): ResolvedConfig;
  simulated(): readonly Peer[];
  onChange(listener: (config: ResolvedConfig) => void): void;
  /** Reads the file again; a wrong one changes nothing. */
  reload(): Reloaded;
  /** The problems of the last reload; empty when what is on disk is in use. */
  problems(): readonly ConfigProblem[];
  /** Reads another file from now on: the fault `configuration_invalid` plants one. */
  readFrom(file: string): void;
}

export function createConfigHolder(
  file: string,
  first: { config: ResolvedConfig; simulated: readonly Peer[] },
): ConfigHolder {
  let path = file;
  let good = first;
  let problems: readonly ConfigProblem[] = [];
  const listeners: ((config: ResolvedConfig) => void)[] = [];
  return {
    file,
    current: () => good.config,
    simulated: () => good.simulated,
    problems: () => problems,
    onChange: (listener) => void listeners.push(listener),
    readFrom(next) {
      path = next;
    },
    reload() {
      const loaded = loadConfig(path);
      problems = loaded.ok ? [] : loaded.problems;
      if (!loaded.ok) return { ok: false, problems: loaded.problems };
      good = loaded;
      for (const listener of listeners) listener(loaded.config);
      return { ok: true };
    },
  };
}
