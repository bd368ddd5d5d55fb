import { SERVICES } from '../contracts/index.ts';
import type { Config } from './config-schema.ts';
import type { Explained } from './explain-problems.ts';

type CrossCheck = (config: Config) => Explained[];

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

const namesThatStandForTwo: CrossCheck = (config) =>
  listsOf(config).flatMap(({ path, key, names }) =>
    names.flatMap((name, index) => {
      if (names.indexOf(name) === index) return [];
      const message = `"${name}" is taken by an entry above; give each its own`;
      return [{ path: [...path, String(index), key], message }];
    }),
  );

const deadlineThatLeavesNoTime: CrossCheck = ({ llm: { deadline_ms, last_rungs_reserve_ms } }) => {
  if (deadline_ms > last_rungs_reserve_ms) return [];
  const message = `${deadline_ms} leaves no time for a model; it must be more than llm.last_rungs_reserve_ms (${last_rungs_reserve_ms})`;
  return [{ path: ['llm', 'deadline_ms'], message }];
};

const costsThatNobodyHas: CrossCheck = ({ llm: { budget, providers } }) => {
  const cost = providers.some(({ price }) => price !== undefined && price.input + price.output > 0);
  // Without a name the simulated ones answer, which cost nothing.
  if (budget.cost_per_hour === undefined || providers.length === 0 || cost) return [];
  const message =
    'limits nothing, for no provider of llm.providers has a price; give one `price: { input, output }` per million tokens, or set tokens_per_hour';
  return [{ path: ['llm', 'budget', 'cost_per_hour'], message }];
};

const DEFAULT_PORTS = new Map<string, number>(Object.entries(SERVICES).map(([service, { port }]) => [service, port]));

/** Of two services on one port the one that was moved there is told. */
const portsOfTwo: CrossCheck = ({ http: { ports } }) =>
  Object.entries(ports).flatMap(([service, port]) => {
    const others = Object.entries(ports).filter(([other, taken]) => other !== service && taken === port);
    if (others.length === 0 || port === DEFAULT_PORTS.get(service)) return [];
    const message = `${port} is also the port of ${others.map(([other]) => other).join(', ')}; give each its own`;
    return [{ path: ['http', 'ports', service], message }];
  });

const CROSS_CHECKS = [namesThatStandForTwo, deadlineThatLeavesNoTime, costsThatNobodyHas, portsOfTwo];

/** What a schema cannot say: names and ports that stand for two things, limits that leave no room for each other or limit nothing. */
export const crossCheck: CrossCheck = (config) => CROSS_CHECKS.flatMap((check) => check(config));
