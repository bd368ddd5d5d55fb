/** A source or a sink. `index` only links the rows of one inventory; a device is its name. */
export interface PulseDevice {
  readonly index: number;
  readonly name: string;
  readonly module: string | undefined;
  /** The device of its own kind that it is made of (`device.master_device`). */
  readonly master: string | undefined;
}

export interface PulseSink extends PulseDevice {
  /** The source that hears what it plays. */
  readonly monitor: string | undefined;
}

/** A stream of a module: what it takes from a source, or plays into a sink. */
export interface ModuleStream {
  readonly module: string;
  /** Index of the source or sink. */
  readonly device: number;
}

export interface PulseInventory {
  readonly sources: readonly PulseDevice[];
  readonly sinks: readonly PulseSink[];
  readonly taken: readonly ModuleStream[];
  readonly played: readonly ModuleStream[];
}

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** No module made it, no program has it: PulseAudio says `n/a`, PipeWire PA_INVALID_INDEX. */
const NONE = new Set(['n/a', '4294967295']);
function moduleOf({ owner_module }: Row): string | undefined {
  const module = typeof owner_module === 'number' ? String(owner_module) : textOf(owner_module);
  return module === undefined || NONE.has(module) ? undefined : module;
}

function readDevice(row: Row): PulseDevice[] {
  const { index, properties } = row;
  const name = textOf(row['name']);
  if (typeof index !== 'number' || name === undefined) return [];
  const master = isRow(properties) ? textOf(properties['device.master_device']) : undefined;
  return [{ index, name, module: moduleOf(row), master }];
}

/** The stream of a program is said to belong to the module of its protocol, as that of every other program: it links nothing. */
const isOfProgram = ({ client }: Row): boolean => client !== undefined && client !== null && !NONE.has(String(client));

function readStream(row: Row, device: unknown): ModuleStream[] {
  const module = isOfProgram(row) ? undefined : moduleOf(row);
  return module !== undefined && typeof device === 'number' ? [{ module, device }] : [];
}

/** @param text what `pactl -f json list` wrote (16 and newer). @returns `undefined` when it is no inventory */
export function readInventory(text: string): PulseInventory | undefined {
  let all: unknown;
  try {
    all = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRow(all) || !Array.isArray(all['sources']) || !Array.isArray(all['sinks'])) return undefined;
  const rows = (key: string): Row[] => {
    const list = isRow(all) ? all[key] : undefined;
    return Array.isArray(list) ? list.filter(isRow) : [];
  };
  return {
    sources: rows('sources').flatMap(readDevice),
    sinks: rows('sinks').flatMap((row) =>
      readDevice(row).map((sink) => ({ ...sink, monitor: textOf(row['monitor_source']) })),
    ),
    taken: rows('source_outputs').flatMap((row) => readStream(row, row['source'])),
    played: rows('sink_inputs').flatMap((row) => readStream(row, row['sink'])),
  };
}
