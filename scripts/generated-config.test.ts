import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { CONFIG_NODE, ConfigSchema, parseConfig, type SchemaNode } from '@understudy/shared/config';
import { createValidator } from '@understudy/shared/contracts';
import { Document, parse } from 'yaml';
import { CONFIG_EXAMPLES } from './config-examples.ts';
import { generatedConfig, hasOwnValues } from './generated-config.ts';

const root = new URL('../', import.meta.url);
const files = generatedConfig();
const yaml = files['config/understudy.yaml'] ?? '';
const schema = files['config/understudy.schema.json'] ?? '';

const onDisk = (path: string): string => readFileSync(new URL(path, root), 'utf8');

test('config/understudy.schema.json is current (node scripts/write-config.ts)', () => {
  assert.equal(onDisk('config/understudy.schema.json'), schema);
});

test('config/understudy.yaml is current (node scripts/write-config.ts)', (t) => {
  const present = onDisk('config/understudy.yaml');
  if (hasOwnValues(present)) return t.skip('it holds values of its own');
  assert.equal(present, yaml);
});

test("a file with values of its own, or a mistake in them, is known as the operator's", () => {
  const own = ['bot: stage', 'vision: { max_fps: 5 }', 'loggin: {}', 'a: ['].map(hasOwnValues);
  const none = ['', yaml, 'bot: main', 'vision:'].map(hasOwnValues);
  assert.deepEqual({ own, none }, { own: [true, true, true, true], none: [false, false, false, false] });
});

function load(text: string) {
  const loaded = parseConfig(text, 'understudy.yaml');
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded;
}

/** The file after an operator took away the "#" of every line that has a name or a value behind it. */
const uncommented = yaml.replace(/^(\s*)#(?=( {2})*([a-z_-]+:|- ))/gm, '$1');

/** A configuration with these values, each at its dotted path. */
function withValues(values: readonly (readonly [path: string, value: unknown])[]): string {
  const document = new Document({});
  for (const [path, value] of values) document.setIn(path.split('.'), value);
  return document.toString();
}

describe('the commented file', () => {
  test('changes nothing as it is', () => {
    assert.deepEqual(load(yaml), load(''));
  });

  test('shows every default: with all lines taken in only the examples differ', () => {
    const examples = Object.entries(CONFIG_EXAMPLES).filter(([, value]) => !Array.isArray(value));
    assert.deepEqual(load(uncommented), load(withValues(examples)));
    assert.deepEqual(Object.keys(Object(parse(uncommented))), Object.keys(ConfigSchema.properties));
  });

  for (const [path, value] of Object.entries(CONFIG_EXAMPLES)) {
    test(`its example of ${path} is right`, () => {
      load(withValues([[path, value]]));
    });
  }

  test('says of every field what it is', () => {
    const silent: string[] = [];
    const visit = (node: SchemaNode, path: string): void => {
      for (const [name, field] of Object.entries(node.properties ?? {})) {
        const here = `${path}.${name}`;
        if (field.description === undefined && name !== 'kind') silent.push(here);
        visit(field, here);
      }
      for (const branch of node.anyOf ?? []) visit(branch, path);
      if (node.items) visit(node.items, `${path}[]`);
    };
    visit(CONFIG_NODE, '');
    assert.deepEqual(silent, []);
  });
});

describe('the schema for editors', () => {
  const validate = createValidator(JSON.parse(schema));

  test('accepts the commented file, whose sections are empty, and the same with every line taken in', () => {
    for (const text of ['{}', yaml, uncommented])
      assert.deepEqual(validate(parse(text)), { ok: true, value: parse(text) });
  });

  test('refuses what the services refuse', () => {
    for (const text of [
      'nats: { prot: 1 }',
      'bot: UP',
      'llm: { providers: [{ name: x }] }',
      'vision: { source: { kind: mjpg } }',
    ]) {
      assert.equal(validate(parse(text)).ok, false, text);
      assert.equal(parseConfig(text, 'understudy.yaml').ok, false, text);
    }
  });
});
