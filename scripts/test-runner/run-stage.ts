import { addTotals, formatReport, type Totals } from './format-report.ts';
import type { Stage } from './plan-stages.ts';
import type { FileReport } from './run-test-file.ts';

/**
 * Runs a stage's files, as many at once as it allows, and prints each when it is done.
 * @param runFile runs one file; never rejects
 */
export async function runStage(
  stage: Stage,
  runFile: (file: string) => Promise<FileReport>,
  print: (text: string) => void,
): Promise<Totals> {
  const waiting = [...stage.files];
  let totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  const lane = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const report = await runFile(file);
      totals = addTotals(totals, report);
      print(formatReport(report));
    }
  };
  await Promise.all(Array.from({ length: stage.filesAtOnce }, lane));
  return totals;
}
