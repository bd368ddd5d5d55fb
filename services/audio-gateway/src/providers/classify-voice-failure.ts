import { type ErrorCode, isServiceError, ServiceError } from '@understudy/shared/errors';

export type VoiceTask = 'TRANSCRIPTION' | 'SPEECH';

/** What is known of a failed call, read once from the client's error classes. */
export interface VoiceFailure {
  readonly kind: 'timeout' | 'unreachable' | 'http' | 'other';
  readonly status?: number;
  /** The body's machine-readable reason: `insufficient_quota`, `model_not_found`, ... */
  readonly reason?: string;
  readonly retryAfterMs?: number;
}

type Suffix = 'TIMEOUT' | 'FAILED' | 'ACCOUNT';
interface Row {
  readonly suffix: Suffix;
  readonly applies: (failure: VoiceFailure) => boolean;
}

/** Reasons that stand for key or credit whatever the status says: some providers send a used-up quota as 401, OpenAI as 429. */
const ACCOUNT_REASONS = new Set([
  'insufficient_quota',
  'quota_exceeded',
  'billing_hard_limit_reached',
  'billing_not_active',
  'invalid_api_key',
  'account_deactivated',
]);
const ACCOUNT_STATUSES = new Set([401, 402, 403]);

/** The first row that applies. */
const ROWS: readonly Row[] = [
  { suffix: 'TIMEOUT', applies: ({ kind }) => kind === 'timeout' },
  { suffix: 'ACCOUNT', applies: ({ reason }) => reason !== undefined && ACCOUNT_REASONS.has(reason) },
  { suffix: 'ACCOUNT', applies: ({ status }) => status !== undefined && ACCOUNT_STATUSES.has(status) },
  { suffix: 'FAILED', applies: () => true },
];

const SECTION: Readonly<Record<VoiceTask, string>> = { TRANSCRIPTION: 'audio.transcription', SPEECH: 'audio.speech' };

const REMEDY: Readonly<Record<Suffix, string>> = {
  TIMEOUT: 'see the load of its server',
  FAILED: 'check base_url, model and voice of the provider in',
  ACCOUNT: 'check key and credit of the provider in',
};

const describe = ({ kind, status, reason }: VoiceFailure): string =>
  kind === 'http' ? `answered HTTP ${status}${reason === undefined ? '' : ` ${reason}`}` : (reason ?? kind);

/** @param task whose code it becomes; the provider's own words are left out, for they may repeat the key */
export function classifyVoiceFailure(
  task: VoiceTask,
  provider: string,
  failure: VoiceFailure,
  cause?: unknown,
): ServiceError {
  if (isServiceError(cause)) return cause;
  const suffix = ROWS.find((row) => row.applies(failure))?.suffix ?? 'FAILED';
  const code: ErrorCode = `${task}_${suffix}`;
  const remedy = suffix === 'TIMEOUT' ? REMEDY.TIMEOUT : `${REMEDY[suffix]} ${SECTION[task]}`;
  return new ServiceError(code, `Provider ${provider} ${describe(failure)}; ${remedy}`, {
    subject: provider,
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
    context: { provider, kind: failure.kind, status: failure.status, reason: failure.reason },
    cause,
  });
}
