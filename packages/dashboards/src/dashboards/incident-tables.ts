import type { PanelBuilder, PanelFrame } from '../panels/panel-frame.ts';
import { tablePanel } from '../panels/table-panel.ts';
import { UNITS } from '../panels/units.ts';
import { table } from '../queries.ts';
import { incidentStateMappings, outcomeMappings, severityMappings, strategyMappings } from '../words.ts';
import { linkTo } from './addresses.ts';

type Place = Pick<PanelFrame, 'id' | 'width' | 'height'>;

/** What is broken now, each with its remedy. */
export const openIncidentsTable = (place: Place): PanelBuilder =>
  tablePanel({
    ...place,
    title: 'What is broken, and what to do',
    description: 'Every incident that is not resolved. A click on its code opens its story.',
    unit: UNITS.words,
    noValue: 'Nothing is broken',
    queries: [
      table('max by (incident_id, code, of, severity, state, summary, remedy) (understudy_incident_info) * 1000'),
    ],
    columns: [
      // A phone shows the first two.
      { field: 'summary', head: 'what', minWidth: 150, wrap: true },
      { field: 'remedy', head: 'what to do', minWidth: 190, wrap: true },
      { field: 'Value', head: 'since', width: 150, unit: UNITS.ago },
      { field: 'severity', head: 'severity', width: 95, mappings: severityMappings() },
      { field: 'state', head: 'now', width: 165, mappings: incidentStateMappings() },
      { field: 'of', head: 'where', width: 135 },
      {
        field: 'code',
        head: 'code',
        width: 210,
        link: { title: 'Its story', url: linkTo('incidents', { incident: `\${__data.fields.incident_id}` }) },
      },
      { field: 'incident_id', head: 'incident_id' },
    ],
    overrides: [{ name: 'incident_id', properties: [{ id: 'custom.hidden', value: true }] }],
    sortBy: { head: 'since', descending: true },
  });

/** When a recovery of this kind last ended: the newest moment of the shown time at which its counter had just risen. */
const LAST_ENDED =
  'max by (strategy, outcome) (max_over_time(timestamp(increase(understudy_recoveries_total[15s]) > 0)[$__range:5s])) * 1000';
const HOW_OFTEN = 'sum by (strategy, outcome) (increase(understudy_recoveries_total[$__range])) > 0';

export const lastRecoveriesTable = (place: Place): PanelBuilder =>
  tablePanel({
    ...place,
    title: 'Last recoveries',
    description: 'What Understudy mended by itself in the shown time: when last, how, with what outcome, how often.',
    unit: UNITS.words,
    noValue: 'Nothing had to be mended in this time',
    queries: [table(LAST_ENDED), table(HOW_OFTEN)],
    columns: [
      { field: 'Value #A', head: 'last', width: 150, unit: UNITS.ago },
      { field: 'strategy', head: 'what it did', minWidth: 160, wrap: true, mappings: strategyMappings() },
      { field: 'outcome', head: 'outcome', width: 165, mappings: outcomeMappings() },
      { field: 'Value #B', head: 'times', width: 70, unit: UNITS.count },
    ],
    sortBy: { head: 'last', descending: true },
  });
