import { isDeepStrictEqual } from 'node:util';
import { allowedThere, CONFIG_NODE, parseConfig, type SchemaNode } from '@understudy/shared/config';
import { stringify } from 'yaml';
import { CONFIG_EXAMPLES } from './config-examples.ts';
import { renderEditorSchema } from './editor-schema.ts';

const WIDTH = 110;

const HEAD = `# yaml-language-server: $schema=./understudy.schema.json
#
# Understudy's configuration. With this file as it is, or without it, everything runs: each peer that is not named here
# (VRChat, a model, sound devices, a camera) is simulated.
#
# A line that begins with "#" and a name shows a default. To change it, take its "#" away and write your value; the entries
# of a list go below its name, in place of the []. The names of the sections stay as they are. An editor that knows YAML
# schemas completes and checks what you write.
#
# Apply it with: docker compose exec supervisor understudy reload   (without Docker: npm run understudy -- reload). A wrong file is
# refused, and the last good one stays; at the start it is refused with file, line and remedy, exit code 78. What only the
# next start takes (ports, hosts, bot, logging) the reload names.
#
# Keys and passwords never stand here: name the environment variable (api_key_env) or the file (api_key_file) that holds one.
#
# Written by \`node scripts/write-config.ts\` from packages/shared/src/config; a test holds it to it.
`;

/** Text as comment lines, broken at words. */
function comment(text: string, indent: string, margin = ' '): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.trim().split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    const isTooLong = line !== '' && `${indent}#${margin}${longer}`.length > WIDTH;
    if (isTooLong) lines.push(line);
    line = isTooLong ? word : longer;
  }
  return [...lines, line].map((part) => `${indent}#${margin}${part}`);
}

/** One value on one line, where it is no example of several. */
function inline(value: unknown): string {
  const defaultStringType = Array.isArray(value) ? 'QUOTE_DOUBLE' : 'PLAIN';
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, defaultKeyType: 'PLAIN', defaultStringType }).trim();
}

const block = (value: unknown): string[] => stringify(value, { lineWidth: 0 }).trimEnd().split('\n');

/** What may stand there, where the description does not say it already. */
function limits(schema: SchemaNode): string {
  const entries = schema.items?.enum ? ` Each ${allowedThere(schema.items)}.` : '';
  if (schema.enum) return ` ${allowedThere(schema).replace('one', 'One')}.`;
  const isBounded = schema.minimum !== undefined && schema.maximum !== undefined && schema.maximum < 1000;
  return isBounded ? ` From ${schema.minimum} to ${schema.maximum}.` : entries;
}

/** The fields of a list's entries, each kind by itself. */
function describeEntries(schema: SchemaNode, indent: string): string[] {
  const branches = schema.anyOf ?? [schema];
  return branches.flatMap((branch) => {
    const kind = branch.properties?.['kind']?.const;
    const fields = Object.entries(branch.properties ?? {}).filter(([name]) => name !== 'kind');
    const title = kind === undefined ? 'An entry:' : `An entry of kind ${kind}:`;
    return [
      `${indent}# ${title}`,
      ...fields.flatMap(([name, field]) => {
        const isNeeded = branch.required?.includes(name) === true && field.default === undefined;
        const without = field.default === undefined ? 'may be left out' : `without it ${inline(field.default)}`;
        return comment(`${name} (${isNeeded ? 'needed' : without}): ${field.description ?? ''}`, indent, '   ');
      }),
    ];
  });
}

function renderField(name: string, schema: SchemaNode, path: string, indent: string): string[] {
  const example = CONFIG_EXAMPLES[path];
  const head = comment(`${schema.description ?? ''}${limits(schema)}`, indent);
  if (schema.default === undefined) {
    if (example === undefined)
      throw new Error(`${path} has no default: give it an example in scripts/config-examples.ts`);
    return [
      ...head,
      `${indent}# Not set; for example:`,
      ...block({ [name]: example }).map((line) => `${indent}#${line}`),
    ];
  }
  const entries =
    schema.items && !schema.items.enum && schema.items.type !== 'string' ? describeEntries(schema.items, indent) : [];
  const shown =
    example === undefined ? [] : [`${indent}# For example:`, ...block(example).map((line) => `${indent}#   ${line}`)];
  return [...head, ...entries, ...shown, `${indent}#${name}: ${inline(schema.default)}`];
}

/** A section that may be left out as a whole has an example as a whole. */
const isSection = (schema: SchemaNode, path: string): boolean =>
  schema.properties !== undefined && schema.anyOf === undefined && CONFIG_EXAMPLES[path] === undefined;

function renderSection(section: SchemaNode, path: string, indent: string): string[] {
  let before: 'nothing' | 'field' | 'section' = path === '' ? 'section' : 'nothing';
  return Object.entries(section.properties ?? {}).flatMap(([name, schema]) => {
    const here = path === '' ? name : `${path}.${name}`;
    const isApart = before === 'section' || (before === 'field' && isSection(schema, here));
    before = isSection(schema, here) ? 'section' : 'field';
    const lines = isSection(schema, here)
      ? [
          ...comment(schema.description ?? '', indent),
          `${indent}${name}:`,
          ...renderSection(schema, here, `${indent}  `),
        ]
      : renderField(name, schema, here, indent);
    return isApart ? ['', ...lines] : lines;
  });
}

/** Whether an operator has written values into the commented file; then it is theirs. */
export const hasOwnValues = (yaml: string): boolean =>
  !isDeepStrictEqual(parseConfig(yaml, 'understudy.yaml'), parseConfig('', 'understudy.yaml'));

/** The files of config/ that are written from the schema: path -> content. */
export const generatedConfig = (): Record<string, string> => ({
  'config/understudy.schema.json': renderEditorSchema(),
  'config/understudy.yaml': `${HEAD}${renderSection(CONFIG_NODE, '', '').join('\n')}\n`,
});
