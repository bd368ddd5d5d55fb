import {
  CAPABILITIES,
  type Capability,
  LEVELS,
  MODES,
  type Mode,
  type StrategyName,
} from '@understudy/shared/contracts';
import { BAD, CARE, GOOD, inWords, LEVEL_COLOURS, SEVERITY_COLOURS } from './panels/house-look.ts';
import { instant, type Query, range } from './queries.ts';

const CAPABILITY_WORDS: Record<Capability, string> = {
  hear: 'Hear',
  speak: 'Speak',
  think: 'Think',
  act: 'Act',
  see: 'See',
};

/** A mode as a streamer would say it. */
const MODE_WORDS: Record<Mode, { readonly text: string; readonly color: string }> = {
  full: { text: 'Nothing is missing', color: GOOD },
  essential: { text: 'Memory is short: only the essential', color: CARE },
  text_only: { text: 'Text only: it cannot hear or speak', color: CARE },
  scripted: { text: 'Prepared answers only: no model answers', color: CARE },
  no_avatar: { text: 'The avatar stands still: no link to VRChat', color: CARE },
  no_vision: { text: 'It sees nothing; all else works', color: CARE },
};

const STRATEGY_WORDS: Record<StrategyName, string> = {
  device_fallback: 'took another device',
  reconnect_retry: 'connected again',
  cache_fallback: 'answered by another provider, the cache or a prepared line',
  disable_feature: 'restarted it, or went on without it',
  default_fallback: 'kept the last good configuration',
  clear_and_restart: 'freed memory, or started it anew',
};

export const levelMappings = () =>
  inWords(
    Object.fromEntries(
      LEVELS.map((level, value) => [value, { text: level.toUpperCase(), color: LEVEL_COLOURS[level] }]),
    ),
  );

/** Values as in MODES: 0 is `full`. */
export const modeMappings = () => inWords(Object.fromEntries(MODES.map((mode, value) => [value, MODE_WORDS[mode]])));

export const strategyMappings = () =>
  inWords(Object.fromEntries(Object.entries(STRATEGY_WORDS).map(([name, text]) => [name, { text, color: 'text' }])));

export const outcomeMappings = () =>
  inWords({
    recovered: { text: 'whole again, proved', color: GOOD },
    degraded: { text: 'goes on with less', color: CARE },
  });

export const severityMappings = () =>
  inWords(
    Object.fromEntries(
      Object.entries(SEVERITY_COLOURS).map(([name, color]) => [name, { text: name.toUpperCase(), color }]),
    ),
  );

export const incidentStateMappings = () =>
  inWords({
    open: { text: 'seen', color: BAD },
    recovering: { text: 'being mended', color: CARE },
    degraded: { text: 'goes on with less', color: CARE },
  });

/** The mode as a number, its place in MODES: one series whose value Grafana can put into words. */
export const MODE_NUMBER = MODES.map((mode, value) => `${value} * max(understudy_mode{mode="${mode}"})`).join(' + ');

/** One query a capability, so that they stand in this order under these words. */
export const capabilityQueries = (when: 'now' | 'over time'): Query[] =>
  CAPABILITIES.map((capability) =>
    (when === 'now' ? instant : range)(
      `max(understudy_capability_level{capability="${capability}"})`,
      CAPABILITY_WORDS[capability],
    ),
  );
