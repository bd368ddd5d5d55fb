import { PanelBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { type PanelBuilder as Panel, type PanelFrame, withFrame } from './panel-frame.ts';

/** @param spec.content Markdown */
export const textPanel = (spec: PanelFrame & { readonly content: string }): Panel =>
  withFrame(new PanelBuilder(), spec).mode(TextMode.Markdown).content(spec.content);
