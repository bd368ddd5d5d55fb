import { CARE, lessIsBetter, NEUTRAL, paintAll } from '../panels/house-look.ts';
import { timeSeriesPanel } from '../panels/time-series-panel.ts';
import { UNITS } from '../panels/units.ts';
import { range, rangeWithTraces } from '../queries.ts';
import { answerQuantile } from './expressions.ts';

/** What a viewer experiences, on Home and where the conversation is looked at closely. */
export const waitForAnswer = (id: number) =>
  timeSeriesPanel({
    id,
    title: 'Wait for an answer',
    description:
      'From the end of an input to the first sentence of its answer. A dot is one answer and leads to its trace.',
    width: 12,
    height: 8,
    look: 'line',
    unit: UNITS.seconds,
    limits: lessIsBetter(2, 3),
    queries: [
      rangeWithTraces(answerQuantile(0.95, '$__rate_interval'), '1 in 20 waits longer'),
      range(answerQuantile(0.5, '$__rate_interval'), 'usual'),
    ],
    overrides: paintAll({ '1 in 20 waits longer': CARE, usual: NEUTRAL }),
  });
