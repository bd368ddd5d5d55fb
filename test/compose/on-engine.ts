import { describe, test } from 'node:test';
import { type Engine, findEngine } from './find-engine.ts';

/** Looked for once a test file, before its tests are declared. */
export const engine: Engine = await findEngine(console.log);

/** A suite that needs an engine; where none can be had, one skipped test that says why. */
export function describeOnEngine(name: string, suite: () => void): void {
  if (engine.type === 'ready') describe(name, suite);
  else test(name, { skip: `NOT TESTED: the Compose stack on a real engine: ${engine.problem}` }, () => {});
}
