import { dashboardFiles } from '@understudy/dashboards';
import { fillIn, readDashboard, type Target } from '@understudy/dashboards/testing';

export interface Question {
  /** `home: "Is the show on?" A`. */
  readonly where: string;
  readonly uid: string;
  readonly kind: 'now' | 'over time';
  readonly expr: string;
}

const nameOf = (file: string): string => /(\w+)\.json$/.exec(file)?.[1] ?? file;

function questionOf(where: string, target: Target): Question {
  return {
    where: `${where} ${target.refId}`,
    uid: target.datasource.uid,
    kind: target.instant ? 'now' : 'over time',
    expr: fillIn(target.expr ?? target.query ?? '', 'llm-service'),
  };
}

/** Every query of every panel, as Grafana would ask it. */
export const panelQuestions = (): Question[] =>
  Object.entries(dashboardFiles()).flatMap(([file, json]) =>
    readDashboard(json).panels.flatMap((panel) =>
      (panel.targets ?? []).map((target) => questionOf(`${nameOf(file)}: "${panel.title}"`, target)),
    ),
  );

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly result: readonly { readonly value?: Sample; readonly values?: readonly Sample[] }[] };
}
type Sample = readonly [number, string];

/**
 * Whether Prometheus has a number for it.
 * @param from seconds since 1970, the begin of the shown time
 * @throws Error with Prometheus' words when it refuses the query
 */
export async function hasData(prometheusUrl: string, { kind, expr, where }: Question, from: number): Promise<boolean> {
  const now = Date.now() / 1000;
  const parameters: Record<string, string> =
    kind === 'now' ? { query: expr, time: `${now}` } : { query: expr, start: `${from}`, end: `${now}`, step: '5' };
  const response = await fetch(`${prometheusUrl}/api/v1/${kind === 'now' ? 'query' : 'query_range'}`, {
    method: 'POST',
    body: new URLSearchParams(parameters),
  });
  const answer = (await response.json()) as Answer;
  if (answer.status !== 'success') throw new Error(`${where}: ${answer.error}: ${expr}`);
  const samples = (answer.data?.result ?? []).flatMap(({ value, values = [] }) => (value ? [value] : values));
  return samples.some(([, value]) => Number.isFinite(Number(value)));
}

/** Whether Loki has a line or a count for it. @throws Error with Loki's words when it refuses the query */
export async function hasLines(lokiUrl: string, { expr, where }: Question, from: number): Promise<boolean> {
  const parameters = { query: expr, start: `${from}`, end: `${Date.now() / 1000}`, step: '60' };
  const response = await fetch(`${lokiUrl}/loki/api/v1/query_range?${new URLSearchParams(parameters)}`);
  if (!response.ok) throw new Error(`${where}: ${await response.text()}: ${expr}`);
  const answer = (await response.json()) as Answer;
  return (answer.data?.result.length ?? 0) > 0;
}
