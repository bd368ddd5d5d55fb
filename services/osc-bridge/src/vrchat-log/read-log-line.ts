/** What a line of VRChat's log tells the bridge. */
export type LogFact =
  | { readonly type: 'oscquery_port'; readonly port: number }
  | { readonly type: 'world_entering' | 'world_entered' | 'quit' };

/** `2026.11.24 21:16:16 Debug      -  `: only VRChat begins a line so; what a world or a player writes stands behind it. */
const HEAD = /^\d{4}\.\d\d\.\d\d \d\d:\d\d:\d\d \w+ +- +/;

// Sources: vrc-oscquery-lib, MeaModDiscovery.cs; VRCX, log watcher.
const ADVERTISES = /^Advertising Service VRChat-Client-\w+ of type OSCQuery on (\d{1,5})\b/;
const STATES: readonly (readonly [begin: string, type: Exclude<LogFact['type'], 'oscquery_port'>])[] = [
  ['[Behaviour] Joining wrld_', 'world_entering'],
  ['[Behaviour] Entering Room', 'world_entering'],
  ['[Behaviour] Finished entering world', 'world_entered'],
  ['VRCApplication: OnApplicationQuit', 'quit'],
  ['VRCApplication: HandleApplicationQuit', 'quit'],
];

export function readLogLine(line: string): LogFact | undefined {
  const head = HEAD.exec(line)?.[0];
  if (head === undefined) return undefined;
  const body = line.slice(head.length);
  const port = Number(ADVERTISES.exec(body)?.[1]);
  if (port >= 1 && port <= 65_535) return { type: 'oscquery_port', port };
  const state = STATES.find(([begin]) => body.startsWith(begin));
  return state && { type: state[1] };
}
