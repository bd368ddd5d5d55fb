import type { PulseDevice, PulseInventory } from './read-inventory.ts';

/**
 * Every source in which the bot would hear itself, with the way that its sound takes: `speaker -> speaker.monitor -> mic`.
 * The sound is followed from the approved sinks through their monitors and through modules: remapped devices, loopbacks, combined sinks,
 * filters, echo cancelling, virtual cables. (Not through programs, nor through PipeWire's ports that somebody wired by hand.)
 * @param approved names of the sinks that the bot may speak into
 */
export function findOwnSound(approved: readonly string[], inventory: PulseInventory): ReadonlyMap<string, string> {
  const { sinks, sources, played, taken } = inventory;
  const ways = new Map<PulseDevice, string>();
  const open: PulseDevice[] = [];
  const reach = (device: PulseDevice | undefined, way: string) => {
    if (device === undefined || ways.has(device)) return;
    ways.set(device, way);
    open.push(device);
  };
  const sinksOf = (link: string | undefined) =>
    played.filter((stream) => stream.link === link).map(({ device }) => sinks.find(({ index }) => index === device));

  for (const sink of sinks) if (approved.includes(sink.name)) reach(sink, sink.name);
  for (let device = open.shift(); device !== undefined; device = open.shift()) {
    const way = ways.get(device) ?? device.name;
    const onward = (next: PulseDevice | undefined) => reach(next, `${way} -> ${next?.name}`);
    const { name, index, link, master } = device;
    const sink = sinks.find((candidate) => candidate === device);
    if (sink !== undefined) {
      onward(sources.find((source) => source.name === (sink.monitor ?? `${name}.monitor`)));
      onward(sinks.find((other) => other.name === master));
      if (link !== undefined) for (const next of sinksOf(link)) onward(next);
      continue;
    }
    for (const source of sources) if (source.master === name) onward(source);
    for (const stream of taken.filter((candidate) => candidate.device === index)) {
      for (const source of sources) if (source.link === stream.link) onward(source);
      for (const next of sinksOf(stream.link)) onward(next);
    }
  }
  return new Map(sources.flatMap((source) => (ways.has(source) ? [[source.name, ways.get(source) ?? '']] : [])));
}
