import { barGaugePanel } from '../panels/bar-gauge-panel.ts';
import {
  always,
  BAD,
  CARE,
  GOOD,
  inWords,
  lessIsBetter,
  NEUTRAL,
  paintAll,
  SOURCE_COLOURS,
} from '../panels/house-look.ts';
import { statPanel } from '../panels/stat-panel.ts';
import { stateTimelinePanel } from '../panels/state-timeline-panel.ts';
import { tablePanel } from '../panels/table-panel.ts';
import { timeSeriesPanel } from '../panels/time-series-panel.ts';
import { UNITS } from '../panels/units.ts';
import { instant, range, rangeWithTraces, table } from '../queries.ts';
import { createDashboard, type Section } from './create-dashboard.ts';
import { countIn, quantile, rateOfSeen } from './expressions.ts';
import { waitForAnswer } from './wait-for-answer.ts';

const HOP_WINDOW = '5m';
const senseQuantile = (metric: string): string => quantile(0.95, metric, HOP_WINDOW);

const waits: Section = {
  title: 'How long a viewer waits',
  panels: [
    waitForAnswer(1),
    timeSeriesPanel({
      id: 2,
      title: 'Where the time goes',
      description:
        'The slow ones (1 in 20) of each hop: speech to text, the model, the whole answer, the first sound. The highest hop is the one to mend.',
      width: 12,
      height: 8,
      look: 'line',
      unit: UNITS.seconds,
      queries: [
        range(`${quantile(0.95, 'audio_latency_ms{direction="in"}', HOP_WINDOW)} / 1000`, 'hears: speech to text'),
        rangeWithTraces(quantile(0.95, 'response_time_seconds', HOP_WINDOW), 'thinks: the model'),
        range(quantile(0.95, 'understudy_turn_duration_seconds', HOP_WINDOW), 'thinks: to the last sentence'),
        range(
          `${quantile(0.95, 'audio_latency_ms{direction="out"}', HOP_WINDOW)} / 1000`,
          'speaks: to the first sound',
        ),
      ],
    }),
  ],
};

const answers: Section = {
  title: 'Answers',
  panels: [
    timeSeriesPanel({
      id: 10,
      title: 'Answers by source',
      description: 'Turns a minute: from a model, from the cache, from a prepared line.',
      width: 6,
      height: 8,
      look: 'stack',
      unit: UNITS.perMinute,
      queries: [range('sum by (source) (rate(understudy_turns_total[1m])) * 60', '{{source}}')],
      overrides: paintAll(SOURCE_COLOURS),
    }),
    timeSeriesPanel({
      id: 11,
      title: 'Answers by mode',
      description: 'Under which mode answers were made.',
      width: 6,
      height: 8,
      look: 'stack',
      unit: UNITS.perMinute,
      queries: [range('sum by (mode) (rate(understudy_turns_total[1m])) * 60', '{{mode}}')],
      overrides: paintAll({ full: GOOD }),
    }),
    timeSeriesPanel({
      id: 12,
      title: 'What became of the sentences',
      description:
        'Each sentence goes to voice and avatar. Skipped: there was a reason not to, such as a stop. Failed: it was lost there.',
      width: 6,
      height: 8,
      look: 'stack',
      unit: UNITS.perMinute,
      queries: [
        range(`${rateOfSeen('understudy_replies_delivered_total', ['sink', 'result'])} * 60`, '{{sink}}: {{result}}'),
      ],
    }),
    timeSeriesPanel({
      id: 13,
      title: 'Reply cache',
      description: 'Look-ups a minute. It is asked when no provider answers.',
      width: 6,
      height: 8,
      look: 'bars',
      unit: UNITS.perMinute,
      queries: [range('sum by (result) (rate(understudy_cache_requests_total[$__interval])) * 60', '{{result}}')],
      overrides: paintAll({ hit: GOOD, miss: NEUTRAL, error: BAD }),
    }),
  ],
};

const providers: Section = {
  title: 'Models, transcription, speech',
  panels: [
    timeSeriesPanel({
      id: 20,
      title: 'Calls by outcome',
      description:
        'Calls to each provider. An outcome that is not ok is the code of the error; `shut` was not tried, its breaker is open.',
      width: 12,
      height: 8,
      look: 'bars',
      unit: UNITS.count,
      queries: [
        range(
          countIn('understudy_provider_calls_total', '$__interval', ['provider', 'outcome']),
          '{{provider}}: {{outcome}}',
        ),
      ],
    }),
    timeSeriesPanel({
      id: 21,
      title: 'How long a call takes',
      description: 'The slow ones (1 in 20) of each provider.',
      width: 12,
      height: 8,
      look: 'line',
      unit: UNITS.seconds,
      queries: [
        rangeWithTraces(
          quantile(0.95, 'understudy_provider_call_duration_seconds', HOP_WINDOW, ['provider']),
          '{{provider}}',
        ),
      ],
    }),
    stateTimelinePanel({
      id: 22,
      title: 'Circuit breakers',
      description:
        'Open: the provider failed several times and is left alone for a while. Probing: one call tries whether it is back.',
      width: 12,
      height: 7,
      unit: UNITS.words,
      mappings: inWords({
        0: { text: 'closed', color: GOOD },
        1: { text: 'probing', color: CARE },
        2: { text: 'open', color: BAD },
        3: { text: 'held open', color: BAD },
      }),
      queries: [range('max by (name) (understudy_breaker_state)', '{{name}}')],
    }),
    barGaugePanel({
      id: 23,
      title: 'Failures in a row',
      description: 'Of each external service since its last success. Three raise an alert.',
      width: 6,
      height: 7,
      unit: UNITS.count,
      decimals: 0,
      max: 5,
      thresholds: lessIsBetter(1, 3),
      queries: [instant('max by (peer) (understudy_consecutive_failures)', '{{peer}}')],
    }),
    tablePanel({
      id: 24,
      title: 'Quota and refusals',
      description:
        'Errors of providers in the shown time, by code: an exhausted quota or a wrong key needs you, a refusal is no outage.',
      width: 6,
      height: 7,
      unit: UNITS.words,
      noValue: 'No provider failed in this time',
      queries: [
        table(
          `${countIn('understudy_provider_calls_total{outcome!~"ok|success|shut"}', '$__range', ['provider', 'outcome'])} > 0`,
        ),
      ],
      columns: [
        { field: 'provider', head: 'provider', minWidth: 90 },
        { field: 'outcome', head: 'error', minWidth: 140, wrap: true },
        { field: 'Value', head: 'times', width: 70, unit: UNITS.count },
      ],
      sortBy: { head: 'times', descending: true },
    }),
  ],
};

const costs: Section = {
  title: 'What thinking costs, and what was not said',
  panels: [
    timeSeriesPanel({
      id: 40,
      title: 'Tokens by provider',
      description:
        'Tokens a minute, of prompts (input) and of answers (output), as the provider counts them or as estimated.',
      width: 8,
      height: 7,
      look: 'stack',
      unit: UNITS.perMinute,
      queries: [
        range('sum by (provider, kind) (rate(understudy_llm_tokens_total[1m])) * 60', '{{provider}}: {{kind}}'),
      ],
    }),
    statPanel({
      id: 41,
      title: 'Budget of this hour',
      description:
        'Share of llm.budget that is spent. At 100 % the providers that it counts are not asked. Without a limit it stays at 0.',
      width: 4,
      height: 7,
      look: 'tile',
      unit: UNITS.share,
      thresholds: lessIsBetter(0.8, 1),
      queries: [instant('max(understudy_llm_budget_used_ratio)', '')],
    }),
    statPanel({
      id: 43,
      title: 'Spent',
      description: "What each provider took in the shown time, in the money of the providers' prices (llm.providers).",
      width: 4,
      height: 7,
      look: 'figure',
      rows: true,
      unit: UNITS.count,
      noValue: 'no prices',
      thresholds: always(NEUTRAL),
      queries: [instant(countIn('understudy_llm_cost_total', '$__range', ['provider']), '{{provider}}')],
    }),
    timeSeriesPanel({
      id: 42,
      title: 'Sentences that were blocked',
      description: 'By the words of llm.moderation or by its service. Enough of one provider shut it out.',
      width: 8,
      height: 7,
      look: 'bars',
      unit: UNITS.count,
      queries: [range(countIn('understudy_replies_blocked_total', '$__interval', ['reason']), '{{reason}}')],
    }),
  ],
};

const senses: Section = {
  title: 'Ears, voice, avatar, eyes',
  panels: [
    statPanel({
      id: 30,
      title: 'VRChat',
      description: 'Link to VRChat over OSC. Quiet: nothing came for a while; it is asked for an echo.',
      width: 4,
      height: 7,
      look: 'tile',
      unit: UNITS.words,
      noValue: '?',
      thresholds: always(BAD),
      mappings: inWords({
        0: { text: 'LOST', color: BAD },
        1: { text: 'QUIET', color: CARE },
        2: { text: 'CONNECTED', color: GOOD },
      }),
      queries: [instant('max(understudy_osc_link_state)', '')],
    }),
    timeSeriesPanel({
      id: 31,
      title: 'OSC messages',
      description: 'Messages from VRChat (in) and to it (out).',
      width: 10,
      height: 7,
      look: 'line',
      unit: UNITS.perSecond,
      queries: [range('sum by (direction) (rate(understudy_osc_messages_total[1m]))', '{{direction}}')],
    }),
    timeSeriesPanel({
      id: 32,
      title: 'Chatbox and avatar',
      description: 'Chatbox messages, avatar parameters and expressions, by what became of them.',
      width: 10,
      height: 7,
      look: 'bars',
      unit: UNITS.count,
      queries: [
        range(countIn('understudy_chatbox_messages_total', '$__interval', ['result']), 'chatbox: {{result}}'),
        range(countIn('understudy_avatar_parameters_total', '$__interval', ['result']), 'parameter: {{result}}'),
        range(countIn('understudy_expressions_total', '$__interval', ['result']), 'expression: {{result}}'),
      ],
    }),
    timeSeriesPanel({
      id: 33,
      title: 'Heard',
      description: 'Utterances by what became of them, and how often somebody spoke over the bot.',
      width: 8,
      height: 7,
      look: 'bars',
      unit: UNITS.count,
      noValue: 'Nobody spoke in this time',
      queries: [
        range(countIn('understudy_utterances_total', '$__interval', ['result']), '{{result}}'),
        range(countIn('understudy_barge_ins_total', '$__interval', []), 'spoke over the bot'),
      ],
    }),
    timeSeriesPanel({
      id: 34,
      title: 'Sound over the network',
      description: 'VBAN packets in and out. An `in` that falls to zero is a microphone that fell silent.',
      width: 8,
      height: 7,
      look: 'line',
      unit: UNITS.packetsPerSecond,
      queries: [
        range(rateOfSeen('understudy_audio_packets_total', ['direction', 'result']), '{{direction}}: {{result}}'),
        range('sum by (reason) (rate(understudy_audio_frames_dropped_total[1m]))', 'dropped: {{reason}}'),
      ],
    }),
    timeSeriesPanel({
      id: 35,
      title: 'Seen',
      description: 'Frames of the camera by what became of them, and what the models found in them.',
      width: 8,
      height: 7,
      look: 'line',
      unit: UNITS.perSecond,
      queries: [
        range('sum by (result) (rate(understudy_vision_frames_total[1m]))', '{{result}}'),
        range('sum by (kind) (rate(understudy_vision_detections_total[1m]))', 'found: {{kind}}'),
      ],
    }),
    timeSeriesPanel({
      id: 36,
      title: 'How long a sense takes',
      description:
        'The slow ones (1 in 20): a model looking at a picture or telling speech from noise, VRChat echoing a parameter. All rise where the game leaves no processor.',
      width: 12,
      height: 7,
      look: 'line',
      unit: UNITS.seconds,
      queries: [
        range(senseQuantile('understudy_vision_look_duration_seconds{kind="detection"}'), 'eyes: the models'),
        range(senseQuantile('understudy_vision_look_duration_seconds{kind="statistics"}'), 'eyes: light and movement'),
        range(senseQuantile('understudy_speech_detection_duration_seconds'), 'ears: speech or noise'),
        range(senseQuantile('understudy_osc_echo_duration_seconds'), 'avatar: echo of VRChat'),
      ],
    }),
    timeSeriesPanel({
      id: 37,
      title: 'Clock of the microphone',
      description:
        'How far it is off: how much more or less sound comes than time passes. Above the line (audio.drift_share) voices sound too high or too low.',
      width: 6,
      height: 7,
      look: 'line',
      unit: UNITS.share,
      noValue: 'Not measured yet',
      limits: [...always(NEUTRAL), { value: 0.01, color: CARE }],
      queries: [range('abs(max(understudy_audio_clock_drift_ratio))', 'off by')],
    }),
    statPanel({
      id: 38,
      title: 'The process of the eyes',
      description:
        'Memory of the process that looks at pictures, beside the cv-service, and how often it was started anew.',
      width: 6,
      height: 7,
      look: 'figure',
      unit: UNITS.bytes,
      noValue: 'not seen',
      thresholds: always(NEUTRAL),
      queries: [
        instant('max(understudy_vision_child_memory_bytes)', 'memory'),
        instant('sum(increase(understudy_vision_child_restarts_total[$__range]))', 'restarts'),
      ],
      overrides: [
        {
          name: 'restarts',
          properties: [
            { id: 'unit', value: UNITS.count },
            { id: 'decimals', value: 0 },
          ],
        },
      ],
    }),
  ],
};

/** The bot's own path, hop by hop: hear, think, speak, act, see. */
export const conversation = () =>
  createDashboard({
    name: 'conversation',
    description: 'What the bot hears, where its answers come from, how long each hop takes.',
    from: 'now-1h',
    refresh: '10s',
    sections: [waits, answers, providers, costs, senses],
  });
