import type { ParameterFact, ParameterKind, ParameterValue } from '../parameters/avatar-parameters.ts';

export const PARAMETERS_PATH = '/avatar/parameters';

const MAX_NODES = 8192;
const MAX_DEPTH = 16;
const WRITE = 2;

/** OSCQuery's TYPE; a bool is `T` or `F`, whichever it is now. Source: vrchat-community/osc wiki, "OSCQuery". */
const KINDS: Readonly<Record<string, ParameterKind>> = { T: 'bool', F: 'bool', i: 'int', f: 'float' };

interface Node {
  readonly path: string;
  readonly kind: ParameterKind | undefined;
  readonly writable: boolean;
  readonly value: ParameterValue | undefined;
  readonly contents: readonly unknown[];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readNode(json: unknown): Node | undefined {
  if (!isRecord(json) || typeof json['FULL_PATH'] !== 'string') return undefined;
  const value: unknown = Array.isArray(json['VALUE']) ? json['VALUE'][0] : undefined;
  return {
    path: json['FULL_PATH'],
    kind: typeof json['TYPE'] === 'string' ? KINDS[json['TYPE']] : undefined,
    writable: typeof json['ACCESS'] !== 'number' || (json['ACCESS'] & WRITE) !== 0,
    value: typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)) ? value : undefined,
    contents: isRecord(json['CONTENTS']) ? Object.values(json['CONTENTS']) : [],
  };
}

/** VRChat writes the value of a bool as true or as 1, depending on its version. */
const asKind = (kind: ParameterKind, value: ParameterValue | undefined): ParameterValue | undefined =>
  kind === 'bool' && typeof value === 'number' ? value !== 0 : value;

/** The avatar's parameters in the answer to `GET /avatar/parameters`; what is not understood is left out. Never throws. */
export function readParameterTree(json: unknown): Map<string, ParameterFact> {
  const found = new Map<string, ParameterFact>();
  const waiting = [{ json, depth: 0 }];
  for (let visited = 0; waiting.length > 0 && visited < MAX_NODES; visited += 1) {
    const next = waiting.pop();
    const node = readNode(next?.json);
    if (!next || !node) continue;
    const name = node.path.startsWith(`${PARAMETERS_PATH}/`) ? node.path.slice(PARAMETERS_PATH.length + 1) : '';
    if (name && node.kind)
      found.set(name, { kind: node.kind, writable: node.writable, value: asKind(node.kind, node.value) });
    if (next.depth >= MAX_DEPTH) continue;
    for (const child of node.contents) waiting.push({ json: child, depth: next.depth + 1 });
  }
  return found;
}
