/** What of a JSON schema the messages and the commented file need. */
export interface SchemaNode {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly pattern?: string;
  /** The same in words; editors show it, too. */
  readonly patternErrorMessage?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[] | undefined;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The kind that a branch of a union is for; `undefined` where branches are told apart by type. */
export function kindOf(branch: SchemaNode): string | undefined {
  const kind = branch.properties?.['kind']?.const;
  return typeof kind === 'string' ? kind : undefined;
}
