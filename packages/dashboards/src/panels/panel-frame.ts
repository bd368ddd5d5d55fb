import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import type { DashboardLink, DynamicConfigValue, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { DashboardLinkBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dataSourceRef } from '../data-sources.ts';
import { buildQuery, type Query } from '../queries.ts';
import type { Unit } from './units.ts';

export type Override = { readonly name: string; readonly properties: DynamicConfigValue[] };
export type Link = { readonly title: string; readonly url: string };

/** What every panel has. */
export interface PanelFrame {
  /** Unique in its dashboard and never given to another panel: links to single panels hold it. */
  readonly id: number;
  readonly title: string;
  /** What it shows and what to make of it: one or two sentences for who has never seen it. */
  readonly description: string;
  /** Of 24 columns. Below 769 px Grafana gives every panel the whole width. */
  readonly width: number;
  /** In steps of 38 px. */
  readonly height: number;
}

/** What a panel with values has besides. */
export interface DataFrame extends PanelFrame {
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Said where there is nothing to show. */
  readonly noValue?: string;
  readonly overrides?: readonly Override[];
  readonly links?: readonly Link[];
}

export type PanelBuilder = cog.Builder<Panel>;

interface FrameBuilder {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  span(width: number): this;
  height(height: number): this;
}

interface DataFrameBuilder extends FrameBuilder {
  datasource(ref: { type: string; uid: string }): this;
  unit(unit: string): this;
  noValue(text: string): this;
  withTarget(target: cog.Builder<cog.Dataquery>): this;
  dataLinks(links: cog.Builder<DashboardLink>[]): this;
  overrideByName(name: string, properties: DynamicConfigValue[]): this;
}

export function withFrame<B extends FrameBuilder>(builder: B, frame: PanelFrame): B {
  return builder.id(frame.id).title(frame.title).description(frame.description).span(frame.width).height(frame.height);
}

export function withData<B extends DataFrameBuilder>(builder: B, frame: DataFrame): B {
  const source = frame.queries[0]?.source ?? 'prometheus';
  withFrame(builder, frame).datasource(dataSourceRef(source)).unit(frame.unit);
  for (const [index, query] of frame.queries.entries()) builder.withTarget(buildQuery(query, index));
  for (const { name, properties } of frame.overrides ?? []) builder.overrideByName(name, properties);
  if (frame.noValue !== undefined) builder.noValue(frame.noValue);
  if (frame.links) builder.dataLinks(frame.links.map(({ title, url }) => new DashboardLinkBuilder(title).url(url)));
  return builder;
}
