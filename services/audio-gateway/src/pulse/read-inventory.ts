/** A source or a sink. `index` only links the rows of one inventory; a device is its name. */
export interface PulseDevice {
  readonly index: number;
  readonly name: string;
  /** What links it to other devices and to streams: the module that made it, or PipeWire's `node.link-group`. */
  readonly link: string | undefined;
  /** The device of its own kind that it is made of (`device.master_device`, or the sink's end of a cable). */
  readonly master: string | undefined;
}

export interface PulseSink extends PulseDevice {
  /** The source that hears what it plays. */
  readonly monitor: string | undefined;
}

/** A stream that is no program's end: what it takes from a source or plays into a sink comes out of, or from, what has the same link. */
export interface LinkedStream {
  readonly link: string;
  /** Index of the source or sink. */
  readonly device: number;
}

export interface PulseInventory {
  /** PipeWire connects no stream without its session manager: all devices are listed, and none works. */
  readonly isManaged: boolean;
  readonly sources: readonly PulseDevice[];
  readonly sinks: readonly PulseSink[];
  readonly taken: readonly LinkedStream[];
  readonly played: readonly LinkedStream[];
}

type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const propertyOf = ({ properties }: Row, name: string) => (isRow(properties) ? textOf(properties[name]) : undefined);

/** No module made it, no program has it: PulseAudio says `n/a`, PipeWire PA_INVALID_INDEX. */
const NONE = new Set(['n/a', '4294967295']);
function moduleOf({ owner_module }: Row): string | undefined {
  const module = typeof owner_module === 'number' ? String(owner_module) : textOf(owner_module);
  return module === undefined || NONE.has(module) ? undefined : module;
}

/** PipeWire: the two ends of a loopback, a filter, a combined or echo-cancelled device, whichever process runs it. */
const groupOf = (row: Row): string | undefined => propertyOf(row, 'node.link-group');
/** The stream of a program is said to belong to the module of its protocol, as that of every other program: it links nothing. */
const isOfProgram = ({ client }: Row): boolean => client !== undefined && client !== null && !NONE.has(String(client));

function readDevice(row: Row): PulseDevice[] {
  const { index } = row;
  const name = textOf(row['name']);
  if (typeof index !== 'number' || name === undefined) return [];
  return [{ index, name, link: groupOf(row) ?? moduleOf(row), master: propertyOf(row, 'device.master_device') }];
}

function readStream(row: Row, device: unknown): LinkedStream[] {
  const link = groupOf(row) ?? (isOfProgram(row) ? undefined : moduleOf(row));
  return link !== undefined && typeof device === 'number' ? [{ link, device }] : [];
}

/** WirePlumber, or its predecessor pipewire-media-session. */
const isSessionManager = (client: Row): boolean =>
  propertyOf(client, 'wireplumber.daemon') === 'true' ||
  propertyOf(client, 'application.process.binary')?.endsWith('media-session') === true;

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
  const played = rows('sink_inputs').flatMap((row) => readStream(row, row['sink']));
  const sinks = rows('sinks').flatMap((row) =>
    readDevice(row).map((sink) => ({ ...sink, monitor: textOf(row['monitor_source']) })),
  );
  /** PipeWire's virtual cable: a sink and a source of one group, and no stream between them. */
  const cableInto = (row: Row): string | undefined => {
    const group = groupOf(row);
    if (group === undefined || played.some(({ link }) => link === group)) return undefined;
    return sinks.find(({ link, monitor }) => link === group && monitor !== row['name'])?.monitor;
  };
  const clients = rows('clients');
  return {
    isManaged: clients.some(isSessionManager) || !clients.some(({ driver }) => driver === 'PipeWire'),
    sources: rows('sources').flatMap((row) =>
      readDevice(row).map((source) => ({ ...source, master: source.master ?? cableInto(row) })),
    ),
    sinks,
    taken: rows('source_outputs').flatMap((row) => readStream(row, row['source'])),
    played,
  };
}
