import { CARE, lessIsBetter, NEUTRAL, paintAll } from '../panels/house-look.ts';
import { timeSeriesPanel } from '../panels/time-series-panel.ts';
import { UNITS } from '../panels/units.ts';
import { range, rangeWithTraces } from '../queries.ts';
import { answerQuantile } from './expressions.ts';

/** Answers come every few seconds at best: over less, the lines would be dots between gaps. */
const WINDOW = '5m';

/** What a viewer experiences, on Home and where the conversation is looked at closely. */
export const waitForAnswer = (id: number) =>
  timeSeriesPanel({
    id,
    title: 'Wait for an answer',
    description:
      'From the end of an input to the first sentence of its answer, over the last five minutes at each moment. A dot is one answer and leads to its trace.',
    width: 12,
    height: 8,
    look: 'line',
    unit: UNITS.seconds,
    limits: lessIsBetter(2, 3),
    queries: [
      rangeWithTraces(answerQuantile(0.95, WINDOW), '1 in 20 waits longer'),
      range(answerQuantile(0.5, WINDOW), 'usual'),
    ],
    overrides: paintAll({ '1 in 20 waits longer': CARE, usual: NEUTRAL }),
  });
