import type { VoiceProvider } from '@understudy/shared/config';
import { type ErrorCode, isServiceError, ServiceError } from '@understudy/shared/errors';
import {
  describeAnswer,
  describeUnreachable,
  hasStatus,
  isContentFiltered,
  isInContainer,
  isKeyRefused,
  isModelUnknown,
  isNamed,
  isOutOfMemory,
  isQuotaSpent,
  loopbackHint,
  type ProviderFailure,
  readProviderFailure,
} from '@understudy/shared/providers';
import OpenAI from 'openai';

export type VoiceTask = 'TRANSCRIPTION' | 'SPEECH';

export interface VoiceCall {
  /** Whose code it becomes. */
  readonly task: VoiceTask;
  readonly provider: Pick<VoiceProvider, 'name' | 'base_url' | 'model'>;
  /** The answer had begun. */
  readonly isStreaming?: boolean;
  /** Our own limit of time has ended it. */
  readonly isOverdue?: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

interface Facts extends ProviderFailure {
  readonly isOverdue: boolean;
}

type Suffix = 'TIMEOUT' | 'FAILED' | 'ACCOUNT' | 'OUT_OF_MEMORY';
interface Row {
  readonly suffix: Suffix;
  readonly when: (facts: Facts) => boolean;
  /** As the end of "Provider voice ...". */
  readonly what: (facts: Facts) => string;
  /** @param section of the configuration */
  readonly remedy: (section: string) => string;
}

const passes = () => 'Nothing, if it passes; else see the load of its server.';
const settings = (section: string) => `Check its base_url and model in ${section}.`;

/** First match decides; what must come before what is said at the predicates. */
const ROWS: readonly Row[] = [
  { suffix: 'TIMEOUT', when: ({ isOverdue }) => isOverdue, what: () => 'did not answer in time', remedy: passes },
  {
    suffix: 'ACCOUNT',
    when: isQuotaSpent,
    what: describeAnswer,
    remedy: (section) => `Add credit, or put another provider into ${section}.`,
  },
  {
    suffix: 'FAILED',
    when: isContentFiltered,
    what: describeAnswer,
    remedy: () => 'Nothing: it did not want this text.',
  },
  {
    suffix: 'OUT_OF_MEMORY',
    when: isOutOfMemory,
    what: (facts) => `has no memory for it (${describeAnswer(facts)})`,
    remedy: (section) =>
      `Let it run a smaller model, or on the processor in place of the GPU, or name another provider in ${section}.`,
  },
  {
    suffix: 'FAILED',
    when: isModelUnknown,
    what: describeAnswer,
    remedy: (section) => `Set a model that it has in ${section}.`,
  },
  {
    suffix: 'ACCOUNT',
    when: isKeyRefused,
    what: describeAnswer,
    remedy: (section) => `Correct its key, named in ${section}.`,
  },
  {
    suffix: 'FAILED',
    when: (facts) => hasStatus(facts, 429) || isNamed(facts, 'rate_limit_exceeded', 'rate_limit_error'),
    what: (facts) =>
      describeAnswer(facts) +
      (facts.retryAfterMs === undefined ? '' : `, to be asked again in ${facts.retryAfterMs} ms`),
    remedy: () => 'Nothing, if it passes: it limits the rate of questions.',
  },
  { suffix: 'TIMEOUT', when: (facts) => hasStatus(facts, 408, 504), what: describeAnswer, remedy: passes },
  { suffix: 'FAILED', when: ({ status = 0 }) => status >= 500, what: describeAnswer, remedy: passes },
  {
    suffix: 'FAILED',
    when: ({ status, hasErrorBody }) => status !== undefined || hasErrorBody,
    what: describeAnswer,
    remedy: settings,
  },
  {
    suffix: 'FAILED',
    when: ({ isMalformed }) => isMalformed,
    what: () => 'sent something that is not JSON',
    remedy: settings,
  },
  {
    suffix: 'FAILED',
    when: ({ stage }) => stage === 'in_stream',
    what: ({ errno, text }) => `broke off in the middle of its answer (${errno ?? text})`,
    remedy: passes,
  },
  {
    suffix: 'FAILED',
    when: () => true,
    what: describeUnreachable,
    remedy: (section) => `Is it running? ${settings(section)}`,
  },
];

const SECTION: Readonly<Record<VoiceTask, string>> = { TRANSCRIPTION: 'audio.transcription', SPEECH: 'audio.speech' };

function toError(
  { task, provider: { name, base_url, model } }: Pick<VoiceCall, 'task' | 'provider'>,
  suffix: Suffix,
  sentences: string,
  facts: Partial<Facts> = {},
  cause?: unknown,
): ServiceError {
  const code: ErrorCode = `${task}_${suffix}`;
  const at = new URL(base_url).host;
  const { status, errno, retryAfterMs } = facts;
  return new ServiceError(code, `Provider ${name} at ${at} (model ${model}) ${sentences}`, {
    subject: name,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    context: { provider: name, model, at, status, reason: facts.code ?? facts.type, errno },
    cause,
  });
}

/** It answered with success, and with nothing that can be used. @param what as the end of "Provider voice ..." */
export const unusableAnswer = (task: VoiceTask, provider: VoiceCall['provider'], what: string): ServiceError =>
  toError({ task, provider }, 'FAILED', `${what}. ${settings(SECTION[task])}`);

/** @param error whatever the call threw; the provider's own words are left out, for they may repeat the key */
export function classifyVoiceFailure(error: unknown, call: VoiceCall): ServiceError {
  if (isServiceError(error)) return error;
  const { task, provider, isStreaming = false } = call;
  const isOverdue = call.isOverdue === true || error instanceof OpenAI.APIConnectionTimeoutError;
  const facts: Facts = { ...readProviderFailure(error, isStreaming, call.now), isOverdue };
  const row = ROWS.find(({ when }) => when(facts));
  if (!row) throw new RangeError('the last row takes everything; put it back');
  const hint =
    row.what === describeUnreachable && isInContainer(process.env) ? loopbackHint(provider.base_url, facts.errno) : '';
  return toError(call, row.suffix, `${row.what(facts)}. ${hint}${row.remedy(SECTION[task])}`, facts, error);
}
