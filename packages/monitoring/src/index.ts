export { alertsPage } from './alerts-page.ts';
export { parseFacts, RECEIVER_SECRETS, type ReceiverSecret, type StackFacts } from './facts.ts';
export { FULL_PARTS, type FullPart, partsOf, STACKS, type Stack } from './parts.ts';
export { type RenderedStack, type RenderFacts, renderStack } from './render-stack.ts';
export { ALERT_NAMES, ALERTS, type AlertName } from './rules/alert-table.ts';
export { BURNS, OBJECTIVES, type ObjectiveName } from './rules/objectives.ts';
export { ruleGroups } from './rules/render-rules.ts';
