import { SERVICES } from '../contracts/index.ts';
import type { Config } from './config-schema.ts';
import type { Explained } from './explain-problems.ts';

/** Lists whose entries are told apart by name in commands, incidents and metrics. */
const listsOf = ({ audio, llm }: Config): readonly { path: string[]; key: string; names: readonly string[] }[] => [
  { path: ['llm', 'providers'], key: 'name', names: llm.providers.map(({ name }) => name) },
  { path: ['audio', 'inputs'], key: 'id', names: audio.inputs.map(({ id }) => id) },
  { path: ['audio', 'outputs'], key: 'id', names: audio.outputs.map(({ id }) => id) },
  {
    path: ['audio', 'transcription', 'providers'],
    key: 'name',
    names: audio.transcription.providers.map(({ name }) => name),
  },
  { path: ['audio', 'speech', 'providers'], key: 'name', names: audio.speech.providers.map(({ name }) => name) },
];

/** Of two services on one port the one that was moved there is told. */
const DEFAULT_PORTS = new Map<string, number>(Object.entries(SERVICES).map(([service, { port }]) => [service, port]));

/** What a schema cannot say: names and ports that stand for two things, limits that leave no room for each other. */
export function repeatedNames(config: Config): Explained[] {
  const problems: Explained[] = [];
  for (const { path, key, names } of listsOf(config)) {
    names.forEach((name, index) => {
      if (names.indexOf(name) === index) return;
      problems.push({
        path: [...path, String(index), key],
        message: `"${name}" is taken by an entry above; give each its own`,
      });
    });
  }
  const { deadline_ms, last_rungs_reserve_ms } = config.llm;
  if (deadline_ms <= last_rungs_reserve_ms) {
    problems.push({
      path: ['llm', 'deadline_ms'],
      message: `${deadline_ms} leaves no time for a model; it must be more than llm.last_rungs_reserve_ms (${last_rungs_reserve_ms})`,
    });
  }
  const ports = Object.entries(config.http.ports);
  const given = (port: number): string[] => ports.filter(([, other]) => other === port).map(([service]) => service);
  for (const [service, port] of ports) {
    const others = given(port).filter((other) => other !== service);
    if (others.length > 0 && port !== DEFAULT_PORTS.get(service)) {
      problems.push({
        path: ['http', 'ports', service],
        message: `${port} is also the port of ${others.join(', ')}; give each its own`,
      });
    }
  }
  return problems;
}
