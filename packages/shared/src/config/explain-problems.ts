import { distance } from 'fastest-levenshtein';
import { isRecord, kindOf, type SchemaNode } from './schema-node.ts';

/** What of a validator's error is needed; TypeBox gives more. */
export interface SchemaError {
  readonly keyword: string;
  /** Where in the schema, as a URI fragment: `#/properties/vision/properties/source/anyOf/0`. */
  readonly schemaPath: string;
  /** Where in the value, as a JSON pointer; empty for the whole. */
  readonly instancePath: string;
  readonly params: object;
}

export interface Explained {
  readonly path: readonly string[];
  readonly message: string;
}

const decodeSegment = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');
const pointerSegments = (pointer: string): string[] => pointer.split('/').slice(1).map(decodeSegment);

/** The nearest allowed name, unless nothing is near: half of the letters may differ. */
function suggestion(name: unknown, allowed: readonly string[]): string {
  if (typeof name !== 'string') return '';
  const [nearest] = allowed.toSorted((a, b) => distance(name, a) - distance(name, b));
  const isNear = nearest !== undefined && distance(name, nearest) <= Math.max(name.length, nearest.length) / 2;
  return isNear ? `; did you mean "${nearest}"?` : '';
}

const WORDS: Readonly<Record<string, string>> = {
  object: 'a section of names and values',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
};

/** What is allowed at a place, in words. */
export function allowedThere(schema: SchemaNode): string {
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  if (schema.anyOf) {
    const kinds = schema.anyOf.flatMap((branch) => kindOf(branch) ?? []);
    return kinds.length > 0
      ? `a section whose kind is one of ${kinds.join(', ')}`
      : schema.anyOf.map(allowedThere).join(' or ');
  }
  const { minimum, maximum, minLength, maxLength, minItems, pattern, patternErrorMessage } = schema;
  const limits = [
    minimum === undefined ? [] : `from ${minimum}`,
    maximum === undefined ? [] : `to ${maximum}`,
    minLength === undefined ? [] : `of at least ${minLength} character${minLength === 1 ? '' : 's'}`,
    maxLength === undefined ? [] : `of at most ${maxLength} characters`,
    minItems === undefined ? [] : `of at least ${minItems} item${minItems === 1 ? '' : 's'}`,
    pattern === undefined ? [] : (patternErrorMessage ?? `of the form ${pattern}`),
  ].flat();
  return [WORDS[schema.type ?? ''] ?? 'another value', ...limits].join(' ');
}

interface Place {
  readonly schema: SchemaNode;
  /** The section around it; that of an unknown name. */
  readonly parent: SchemaNode;
  /** Unions on the way, each with the value there and the branch that the error is about. */
  readonly unions: readonly { readonly union: SchemaNode; readonly value: unknown; readonly branch: SchemaNode }[];
}

/** Each of these steps of a schema path goes with one step into the value. */
const STEPS_INTO_VALUE = new Set(['properties', 'items', 'patternProperties', 'additionalProperties']);

/** Follows an error's schema path through the schema and, beside it, its instance path through the value. */
function locate(root: SchemaNode, value: unknown, error: SchemaError): Place {
  const instance = pointerSegments(error.instancePath);
  const unions: { union: SchemaNode; value: unknown; branch: SchemaNode }[] = [];
  let node: unknown = root;
  let schema = root;
  let parent = root;
  let here = value;
  let depth = 0;
  for (const step of pointerSegments(error.schemaPath)) {
    const around: unknown = node;
    node = Array.isArray(node) ? node[Number(step)] : isRecord(node) ? node[step] : undefined;
    if (STEPS_INTO_VALUE.has(step) && depth < instance.length) {
      parent = schema;
      const segment = instance[depth] ?? '';
      here = Array.isArray(here) ? here[Number(segment)] : isRecord(here) ? here[segment] : undefined;
      depth += 1;
    }
    if (!isRecord(node)) continue;
    if (Array.isArray(around)) unions.push({ union: schema, value: here, branch: node });
    schema = node;
  }
  return { schema, parent, unions };
}

const hasKinds = (union: SchemaNode): boolean => union.anyOf?.some((branch) => kindOf(branch) !== undefined) ?? false;
const shapeOf = (value: unknown): 'array' | 'object' | undefined => {
  if (Array.isArray(value)) return 'array';
  return isRecord(value) ? 'object' : undefined;
};

/** Whether a value is meant for this branch: by the kind that it names, else by being a section or a list. */
function isMeant(branch: SchemaNode, value: unknown): boolean {
  const kind = kindOf(branch);
  return kind === undefined ? branch.type === shapeOf(value) : isRecord(value) && value['kind'] === kind;
}

/** A union says what is wrong by the branch that the value is meant for; the other branches' complaints are about something else. */
const isBesideThePoint = ({ unions }: Place): boolean => unions.some(({ value, branch }) => !isMeant(branch, value));

function explainUnion(union: SchemaNode, value: unknown, path: readonly string[]): Explained[] {
  if (union.anyOf?.some((branch) => isMeant(branch, value))) return [];
  if (!hasKinds(union) || !isRecord(value)) return [{ path, message: `must be ${allowedThere(union)}` }];
  const kinds = union.anyOf?.flatMap((branch) => kindOf(branch) ?? []) ?? [];
  const { kind } = value;
  const said = kind === undefined ? 'is missing; it must be' : 'must be';
  return [{ path: [...path, 'kind'], message: `${said} one of ${kinds.join(', ')}${suggestion(kind, kinds)}` }];
}

function explainMissing({ schema }: Place, params: object, path: readonly string[]): Explained[] {
  const names =
    'requiredProperties' in params && Array.isArray(params.requiredProperties) ? params.requiredProperties : [];
  return names.map((name: string) => {
    const wanted = schema.properties?.[name];
    return { path: [...path, name], message: `is missing; it must be ${wanted ? allowedThere(wanted) : 'there'}` };
  });
}

function explain(root: SchemaNode, value: unknown, error: SchemaError): Explained[] {
  const place = locate(root, value, error);
  if (isBesideThePoint(place)) return [];
  const path = pointerSegments(error.instancePath);
  const found = path.reduce<unknown>(
    (part, name) => (Object(part) === part ? Reflect.get(Object(part), name) : undefined),
    value,
  );
  switch (error.keyword) {
    case 'additionalProperties':
      // Each unknown name comes as an error of its own, `boolean`.
      return [];
    case 'boolean': {
      const known = Object.keys(place.parent.properties ?? {});
      const name = path.at(-1) ?? '';
      return [{ path, message: `unknown name${suggestion(name, known) || '.'} Allowed here: ${known.join(', ')}` }];
    }
    case 'required':
      return explainMissing(place, error.params, path);
    case 'anyOf':
      return explainUnion(place.schema, found, path);
    default: {
      const choices = place.schema.enum?.map(String) ?? [];
      return [
        {
          path,
          message: `must be ${allowedThere(place.schema)}${choices.length > 0 ? suggestion(found, choices) : ''}`,
        },
      ];
    }
  }
}

/** One sentence for each place that is wrong, in the order of the schema. */
export function explainProblems(root: SchemaNode, value: unknown, errors: Iterable<SchemaError>): Explained[] {
  const byPath = new Map<string, Explained>();
  for (const error of errors) {
    for (const explained of explain(root, value, error)) {
      const key = explained.path.join('/');
      if (!byPath.has(key)) byPath.set(key, explained);
    }
  }
  return [...byPath.values()];
}
