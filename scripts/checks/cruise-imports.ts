import { cruise } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { listSources } from './list-sources.ts';

const FOLDERS = ['packages', 'services', 'scripts', 'test'];

export interface ImportViolation {
  rule: string;
  /** What to do instead. */
  remedy: string;
  from: string;
  to: string;
}

export interface CruiseReport {
  violations: ImportViolation[];
  /** TypeScript files on disk that the cruise did not see. Any at all means that the rules were not applied (TypeScript 7 hides them all). */
  unseen: string[];
  filesSeen: number;
}

/**
 * Applies the import rules to the TypeScript files below `root`.
 * @param root an absolute folder of the repository's shape
 * @param configFile an absolute path of `.dependency-cruiser.cjs`
 */
export async function cruiseImports(root: string, configFile: string): Promise<CruiseReport> {
  const expected = listSources(root, FOLDERS, ['.ts']);
  const options = await extractDepcruiseOptions(configFile);
  const folders = FOLDERS.filter((folder) => expected.some((file) => file.startsWith(`${folder}/`)));
  const { output } = await cruise(folders, { ...options, baseDir: root });
  if (typeof output === 'string')
    throw new Error('dependency-cruiser gave text where its result was expected: leave options.outputType out');

  const seen = new Set(output.modules.map((module) => module.source));
  const remedies = new Map(output.summary.ruleSetUsed?.forbidden?.map((rule) => [rule.name, rule.comment]));
  return {
    violations: output.summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      remedy: remedies.get(rule.name) ?? '',
      from,
      to,
    })),
    unseen: expected.filter((file) => !seen.has(file)),
    filesSeen: expected.filter((file) => seen.has(file)).length,
  };
}
