import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { ALERT_NAMES, ALERTS } from './rules/alert-table.ts';

const root = new URL('../../../', import.meta.url);
const folder = new URL('docs/runbooks/', root);
const pages = readdirSync(folder).map((file) => file.replace(/\.md$/, ''));
const read = (page: string): string => readFileSync(new URL(`${page}.md`, folder), 'utf8');

/** Rules of Loki: what only logs show. */
const LOG_RULES = new URL('infra/loki/rules/fake/log-alerts.yml', root);
function logAlerts(): string[] {
  if (!existsSync(LOG_RULES)) return [];
  const { groups }: { groups: { rules: { alert?: string }[] }[] } = parse(readFileSync(LOG_RULES, 'utf8'));
  return groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
}

/** Commands of the CLI as its help names them. */
const CLI = readFileSync(new URL('packages/cli/src/program.ts', root), 'utf8');
const commands = [...CLI.matchAll(/\.command\('([a-z-]+)/g)].map(([, name = '']) => name);
const commandsIn = (text: string): string[] =>
  [...text.matchAll(/`understudy ([a-z-]+)/g)].map(([, name = '']) => name);

describe('the runbooks', () => {
  it('are one for each alert, and one for all incidents', () => {
    assert.deepEqual(pages.toSorted(), [...ALERT_NAMES, ...logAlerts(), 'incidents'].toSorted());
  });

  for (const name of ALERT_NAMES) {
    it(`${name} says what it means, what happens by itself, where to look and what to do`, () => {
      const heads = read(name)
        .split('\n')
        .filter((line) => line.startsWith('#'));
      assert.deepEqual(heads, [
        `# ${name}`,
        '## What it means',
        '## What Understudy does by itself',
        '## What to look at',
        '## What to do',
      ]);
    });
  }

  it('name no command that does not exist, and neither do the notices', () => {
    const texts = [
      ...[...ALERT_NAMES, 'incidents'].map(read),
      ...Object.values(ALERTS).flatMap(({ remedy, done, works }) => [remedy, done, works]),
    ];
    assert.deepEqual(
      texts.flatMap(commandsIn).filter((name) => !commands.includes(name)),
      [],
    );
  });
});
