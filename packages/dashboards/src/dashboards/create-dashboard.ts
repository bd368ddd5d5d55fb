import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type GridPos,
  type Panel,
  RowBuilder,
  type RowPanel,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '../panels/panel-frame.ts';
import { DASHBOARDS, type DashboardName } from './addresses.ts';
import { eventAnnotations } from './annotations.ts';
import { arrange } from './arrange.ts';

export interface Section {
  /** Absent for what stands at the very top. */
  readonly title?: string;
  readonly panels: readonly PanelBuilder[];
}

export interface DashboardSpec {
  readonly name: DashboardName;
  readonly description: string;
  readonly from: 'now-15m' | 'now-1h' | 'now-3h' | 'now-24h';
  readonly refresh: '5s' | '10s' | '30s';
  readonly variables?: readonly cog.Builder<VariableModel>[];
  readonly sections: readonly Section[];
}

/** Rows are numbered apart from panels, so that a new row changes no panel's id. */
const FIRST_ROW_ID = 1000;

function arrangeSections(sections: readonly Section[]): (Panel | RowPanel)[] {
  let line = 0;
  return sections.flatMap(({ title, panels }, index) => {
    const head = title === undefined ? [] : [new RowBuilder(title).id(FIRST_ROW_ID + index).build()];
    for (const row of head) row.gridPos = { x: 0, y: line, w: 24, h: 1 };
    const built = panels.map((panel) => panel.build());
    const { places, bottom } = arrange(built.map(sizeOf), line + head.length);
    line = bottom;
    return [...head, ...built.map((panel, place) => ({ ...panel, gridPos: places[place] ?? sizeOf(panel) }))];
  });
}

const sizeOf = ({ gridPos }: Panel): GridPos => gridPos ?? { x: 0, y: 0, w: 24, h: 8 };

export function createDashboard(spec: DashboardSpec): Dashboard {
  const { uid, title } = DASHBOARDS[spec.name];
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(spec.description)
    .tags(['understudy'])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: spec.from, to: 'now' })
    .refresh(spec.refresh)
    .timezone('browser')
    .annotations(eventAnnotations())
    .variables([...(spec.variables ?? [])])
    .link(
      new DashboardLinkBuilder('Dashboards')
        .type(DashboardLinkType.Dashboards)
        .tags(['understudy'])
        .asDropdown(true)
        .keepTime(true),
    );
  return { ...builder.build(), panels: arrangeSections(spec.sections) };
}
