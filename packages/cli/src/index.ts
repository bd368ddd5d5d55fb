export { type Checkout, openCheckout, type Part } from './checkout.ts';
export { type BotEvent, readBotEvent } from './client/bot-events.ts';
export { type FollowOptions, followEvents } from './client/follow-events.ts';
export { createClient, type UnderstudyClient } from './client/understudy-client.ts';
export { hostEnvironmentFile } from './commands/host-env.ts';
export { type FollowLinesOptions, followLines } from './follow-lines.ts';
export { type Paint, paintFor, plain } from './format/colours.ts';
export { formatDuration, parseDuration } from './format/duration.ts';
export { formatTable } from './format/table.ts';
