import type { ErrorEvent } from '@understudy/shared/contracts';
import { ServiceError } from '@understudy/shared/errors';
import type { ProbeResult, ServiceContext } from '@understudy/shared/service';
import { createBlockedWords } from './blocked-words.ts';
import type { AskModeration } from './moderation-service.ts';
import type { Strikes } from './strikes.ts';

/** A service that is away is not asked for every sentence: viewers wait. */
const ASK_AGAIN_MS = 10_000;
/** For the probe; nobody can object to it. */
const HARMLESS = 'Hello there.';

type Surroundings = Pick<ServiceContext<'llm-service'>, 'clock' | 'config' | 'metrics' | 'reportError'>;

interface ModerationParts {
  /** Built anew after a reload; none is configured: only the words. */
  readonly service: () => AskModeration | undefined;
  readonly strikes: Strikes;
  /** A provider has been shut out, and why. */
  readonly onOut: (name: string, event: ErrorEvent) => void;
}

export interface Moderation {
  /** Between a whole sentence and the bus. @throws ServiceError REPLY_BLOCKED; its text stands nowhere in it */
  check(sentence: string, provider: string): Promise<void>;
  /** The words alone, for what was let through before. */
  mayRepeat(text: string): boolean;
  /** @param subject a provider that was shut out; `moderation`; without one: does anything stand in? */
  probe(subject: string | undefined, signal: AbortSignal): Promise<ProbeResult>;
}

/** Its own failures are about it; those of a provider carry its name. */
const SERVICE_SUBJECT = 'moderation';

const WHY = {
  words: 'a word of llm.moderation.blocked_words stands in it',
  service: 'the moderation service flagged it',
  unjudged: 'the moderation service is away and llm.moderation.when_away is block',
} as const;

export function createModeration(
  { clock, config, metrics, reportError }: Surroundings,
  { service, strikes, onOut }: ModerationParts,
): Moderation {
  const settings = () => config().llm.moderation;
  let compiled: { readonly words: readonly string[]; readonly isBlocked: (text: string) => boolean } | undefined;
  let asked: AskModeration | undefined;
  let isAway = false;
  let askAgainAt = 0;

  const hasBlockedWord = (text: string): boolean => {
    const { blocked_words: words } = settings();
    if (compiled?.words !== words) compiled = { words, isBlocked: createBlockedWords(words) };
    return compiled.isBlocked(text);
  };
  const onAway = (error: unknown) => {
    askAgainAt = clock.now() + ASK_AGAIN_MS;
    if (isAway) return;
    isAway = true;
    const reason = error instanceof Error ? error.message : String(error);
    const meanwhile =
      settings().when_away === 'say' ? 'the words alone are looked for' : 'what it cannot judge is not said';
    const message = `The moderation service ${reason}; ${meanwhile}. Check llm.moderation.endpoint.`;
    reportError(new ServiceError('MODERATION_UNAVAILABLE', message, { subject: SERVICE_SUBJECT }));
  };
  const ask = async (sentence: string, judge: AskModeration, signal?: AbortSignal) => {
    const limit = AbortSignal.timeout(settings().timeout_ms);
    const judgement = await judge(sentence, signal ? AbortSignal.any([signal, limit]) : limit);
    isAway = false;
    askAgainAt = 0;
    return judgement;
  };
  const reasonAgainst = async (sentence: string): Promise<keyof typeof WHY | undefined> => {
    if (hasBlockedWord(sentence)) return 'words';
    const judge = service();
    if (judge === undefined) return undefined;
    if (judge !== asked) {
      // A reload has put it in the place of the one that was away.
      asked = judge;
      isAway = false;
      askAgainAt = 0;
    }
    if (clock.now() >= askAgainAt) {
      try {
        return (await ask(sentence, judge)) === 'flagged' ? 'service' : undefined;
      } catch (error) {
        onAway(error);
      }
    }
    return settings().when_away === 'block' ? 'unjudged' : undefined;
  };
  const strike = (provider: string) => {
    if (!strikes.strike(provider)) return;
    const seconds = Math.ceil(settings().strike_window_ms / 1000);
    const window = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
    const message = `Provider ${provider} broke the rules of llm.moderation ${settings().strikes} times and is not asked for ${window}. Look at its model and at persona.prompt, then \`understudy reload\`.`;
    onOut(
      provider,
      reportError(new ServiceError('REPLIES_BLOCKED_OFTEN', message, { subject: provider, context: { provider } })),
    );
  };

  return {
    async check(sentence, provider) {
      const reason = await reasonAgainst(sentence);
      if (reason === undefined) return;
      if (reason !== 'unjudged') {
        metrics.inc('understudy_replies_blocked_total', { reason });
        strike(provider);
      }
      const message = `A sentence of provider ${provider} was not said: ${WHY[reason]}. Nothing is to be done.`;
      throw new ServiceError('REPLY_BLOCKED', message, { subject: provider, context: { provider, reason } });
    },
    mayRepeat: (text) => !hasBlockedWord(text),
    async probe(subject, signal) {
      const names = config().llm.providers.map(({ name }) => name);
      if (subject !== undefined && names.includes(subject)) {
        const isOut = strikes.isOut(subject);
        return { ok: !isOut, detail: `${subject} is ${isOut ? 'shut out for what it said' : 'asked again'}` };
      }
      if (subject !== undefined && subject !== SERVICE_SUBJECT)
        return { ok: false, gone: true, detail: `llm.providers has no ${subject}; it has ${names.join(', ')}` };
      if (subject === undefined && names.length > 0 && names.every(strikes.isOut))
        return { ok: false, detail: 'every provider is shut out for what it said' };
      const judge = service();
      if (judge === undefined) return { ok: true, detail: 'no moderation service is named; the words are looked for' };
      try {
        await ask(HARMLESS, judge, signal);
        return { ok: true, detail: 'the moderation service judged a sentence' };
      } catch (error) {
        return {
          ok: false,
          detail: `the moderation service ${error instanceof Error ? error.message : String(error)}`,
        };
      }
    },
  };
}
