import { ConfigSchema } from '@understudy/shared/config';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The services check a configuration after its defaults are filled in; an editor sees the file as it is. So nothing that has a
 * default is required, and a section may be empty (`null` to YAML: all of its lines are commented out).
 */
function forEditors(node: Json): Json {
  if (Array.isArray(node)) return node.map(forEditors);
  if (!isObject(node)) return node;
  const { required, ...parts } = Object.fromEntries(
    Object.entries(node).map(([name, part]) => [name, forEditors(part)]),
  );
  const { properties } = parts;
  const fields = isObject(properties) ? properties : {};
  const hasDefault = (name: Json): boolean => {
    const field = fields[String(name)];
    return isObject(field) && field['default'] !== undefined;
  };
  const needed = Array.isArray(required) ? required.filter((name) => !hasDefault(name)) : [];
  return {
    ...parts,
    ...(needed.length > 0 ? { required: needed } : {}),
    ...(parts['type'] === 'object' && parts['default'] !== undefined ? { type: ['object', 'null'] } : {}),
  };
}

/** The schema of config/understudy.yaml that its first line names. */
export function renderEditorSchema(): string {
  const plain: Json = JSON.parse(JSON.stringify(ConfigSchema));
  const schema = { $schema: 'http://json-schema.org/draft-07/schema#', ...Object(forEditors(plain)) };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
