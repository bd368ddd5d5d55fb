import { BUDGETS, type Budget, belongsTo, LIMITS, memoryIn, type Stack } from './budget.ts';
import type { Sample } from './engine.ts';

const MIB = 1024 * 1024;

/** `undefined`: its image cannot be run here. */
export type Measured = { readonly memoryMib: number; readonly processor: number } | undefined;

export interface Row {
  readonly name: string;
  readonly budget: Budget;
  readonly measured: Measured;
}

/** The median of memory, and the mean of processor time, over samples in their order. */
export function measure(samples: readonly Sample[]): NonNullable<Measured> {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.atMs === first.atMs) throw new Error('a container needs two samples');
  const memories = samples.map(({ memoryBytes }) => memoryBytes).sort((a, b) => a - b);
  const share = (last.processorNs - first.processorNs) / ((last.atMs - first.atMs) * 1e6);
  return { memoryMib: (memories[Math.floor(memories.length / 2)] ?? 0) / MIB, processor: share * 100 };
}

export const rowsOf = (stack: Stack, measured: ReadonlyMap<string, Measured>): Row[] =>
  Object.entries(BUDGETS)
    .filter(([, budget]) => belongsTo(stack, budget) || budget.in === 'simulated')
    .map(([name, budget]) => ({
      name,
      budget: { ...budget, memoryMib: memoryIn(stack, budget) },
      measured: measured.get(name),
    }));

/** What counts: the measured figure, or the budget where nothing could be measured. Simulators are not part of the sum. */
export function sumOf(rows: readonly Row[]): NonNullable<Measured> {
  const counted = rows
    .filter(({ budget }) => budget.in !== 'simulated')
    .map(({ measured, budget }) => measured ?? budget);
  return {
    memoryMib: counted.reduce((sum, { memoryMib }) => sum + memoryMib, 0),
    processor: counted.reduce((sum, { processor }) => sum + processor, 0),
  };
}

/** One container of one run varies by so much; the sum of a stack is held to its limit. */
const TOLERANCE = 1.15;

/** One sentence for each figure above its budget. */
export function exceeded(stack: Stack, rows: readonly Row[]): string[] {
  const over = (name: string, measured: Measured, limit: { memoryMib: number; processor: number }): string[] => [
    ...(measured && measured.memoryMib > limit.memoryMib
      ? [`${name} takes ${measured.memoryMib.toFixed(0)} MiB, its budget is ${Math.floor(limit.memoryMib)}`]
      : []),
    ...(measured && measured.processor > limit.processor
      ? [
          `${name} takes ${measured.processor.toFixed(1)} % of a core, its budget is ${Number(limit.processor.toFixed(2))}`,
        ]
      : []),
  ];
  return [
    ...rows.flatMap(({ name, measured, budget: { memoryMib, processor } }) =>
      over(name, measured, { memoryMib: memoryMib * TOLERANCE, processor: processor * TOLERANCE }),
    ),
    ...over(`the ${stack} stack`, sumOf(rows), LIMITS[stack]),
  ];
}
