import {
  type Avatar,
  BUILT_IN_PARAMETERS,
  PARAMETERS_PREFIX,
  type ParameterType,
  type ParameterValue,
} from './avatar.ts';
import { INPUT_NAMES, INPUT_PREFIX, isAxis } from './held-inputs.ts';

// OSCQuery as VRChat serves it: a tree of the OSC addresses as JSON. Source: vrchat-community/vrc-oscquery-lib.

export interface OscQueryNode {
  readonly FULL_PATH: string;
  readonly ACCESS: 0 | 1 | 2 | 3;
  readonly TYPE?: string;
  readonly VALUE?: readonly (number | boolean | string)[];
  readonly CONTENTS?: Readonly<Record<string, OscQueryNode>>;
  readonly DESCRIPTION?: string;
}

export interface OscQuerySnapshot {
  readonly avatar: Avatar;
  readonly values: ReadonlyMap<string, ParameterValue>;
  readonly oscPort: number;
}

/** Answer to `?HOST_INFO`. */
export const hostInfo = ({ oscPort }: OscQuerySnapshot) => ({
  NAME: 'VRChat-Client-A1B2C3',
  OSC_IP: '127.0.0.1',
  OSC_PORT: oscPort,
  OSC_TRANSPORT: 'UDP',
  EXTENSIONS: { ACCESS: true, CLIPMODE: false, RANGE: true, TYPE: true, VALUE: true },
});

const WRITE = 2;
const READ = 1;
const READ_WRITE = 3;
const TYPE_TAGS: Record<ParameterType, string> = { int: 'i', float: 'f', bool: 'T' };

/** The node at a path such as `/avatar/parameters/Mood`, `/` being the whole tree; `undefined` when there is none. */
export function findNode(snapshot: OscQuerySnapshot, path: string): OscQueryNode | undefined {
  let node: OscQueryNode | undefined = toTree(leaves(snapshot));
  for (const part of path.split('/').filter(Boolean)) {
    node = node?.CONTENTS && Object.hasOwn(node.CONTENTS, part) ? node.CONTENTS[part] : undefined;
  }
  return node;
}

function leaves({ avatar, values }: OscQuerySnapshot): OscQueryNode[] {
  const parameters = Object.entries({ ...BUILT_IN_PARAMETERS, ...avatar.parameters }).map(
    ([name, type]): OscQueryNode => ({
      FULL_PATH: PARAMETERS_PREFIX + name,
      ACCESS: Object.hasOwn(BUILT_IN_PARAMETERS, name) ? READ : READ_WRITE,
      TYPE: TYPE_TAGS[type],
      VALUE: [values.get(name) ?? 0],
    }),
  );
  const inputs = INPUT_NAMES.map(
    (name): OscQueryNode => ({ FULL_PATH: INPUT_PREFIX + name, ACCESS: WRITE, TYPE: isAxis(name) ? 'f' : 'i' }),
  );
  return [
    { FULL_PATH: '/avatar/change', ACCESS: READ_WRITE, TYPE: 's', VALUE: [avatar.id] },
    ...parameters,
    { FULL_PATH: '/chatbox/input', ACCESS: WRITE, TYPE: 'sTT' },
    { FULL_PATH: '/chatbox/typing', ACCESS: WRITE, TYPE: 'T' },
    ...inputs,
  ];
}

/** Folders are made from the paths of the leaves. */
function toTree(nodes: readonly OscQueryNode[], path = '', depth = 1): OscQueryNode {
  const names = new Set(nodes.map(({ FULL_PATH }) => FULL_PATH.split('/')[depth] ?? ''));
  const contents = [...names].map((name): [string, OscQueryNode] => {
    const fullPath = `${path}/${name}`;
    const leaf = nodes.find(({ FULL_PATH }) => FULL_PATH === fullPath);
    const below = nodes.filter(({ FULL_PATH }) => FULL_PATH.startsWith(`${fullPath}/`));
    return [name, leaf ?? toTree(below, fullPath, depth + 1)];
  });
  return { FULL_PATH: path || '/', ACCESS: 0, CONTENTS: Object.fromEntries(contents) };
}
