import type { ErrorEvent, Reply } from '@understudy/shared/contracts';
import { errorResponse } from '@understudy/shared/errors';
import type { ErrorCircumstances, ServiceContext } from '@understudy/shared/service';
import { withSpan } from '@understudy/shared/telemetry';
import type { ReplyCache } from '../cache/reply-cache.ts';
import { personaVersion, replyKey } from '../cache/reply-key.ts';
import { isSafeToRepeat } from '../cache/safe-to-repeat.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Answer, LadderClimber } from '../ladder/climb-ladder.ts';
import type { Ladder } from '../ladder/ladder-state.ts';
import { type RungName, sourceOf } from '../ladder/rungs.ts';
import type { Moderation } from '../moderation/moderation.ts';
import { intentOf, type PersonaLines } from '../reply/persona-lines.ts';
import { createReplyWriter } from './reply-writer.ts';
import type { PendingTurn } from './turn-queue.ts';

type Surroundings = Pick<
  ServiceContext<'llm-service'>,
  'clock' | 'config' | 'logger' | 'metrics' | 'observed' | 'operation' | 'reportError' | 'solveMode'
>;

export interface TurnParts {
  readonly ladder: Ladder;
  readonly climb: LadderClimber;
  readonly cache: ReplyCache;
  readonly conversation: Conversation;
  readonly line: PersonaLines;
  readonly moderation: Moderation;
  readonly send: (reply: Reply) => void;
}

const circumstances = ({ input }: PendingTurn): ErrorCircumstances => ({
  turnId: input.turnId,
  ...(input.sessionId === undefined ? {} : { sessionId: input.sessionId }),
  ...(input.userId === undefined ? {} : { userId: input.userId }),
});

const toResponses = (events: readonly ErrorEvent[]) =>
  events.map((event) => errorResponse(event, { fallbackActivated: true }));

/** Answers one turn, whatever happens: from its prompt down the ladder to the last sentence, then what is kept of it. */
export function createTurnAnswerer(context: Surroundings, parts: TurnParts) {
  const { clock, config, metrics, reportError } = context;
  const { ladder, climb, cache, conversation, line, moderation, send } = parts;

  const keepForLater = ({ input }: PendingTurn, answer: Answer, key: string | undefined, sights: readonly string[]) => {
    const reply = answer.sentences.join(' ');
    if (sourceOf(answer.rung) === 'pattern' || reply === '') return;
    const viewers = conversation.viewers(input);
    conversation.remember(input, reply);
    if (key === undefined || !answer.isWhole || !isSafeToRepeat({ question: input.text, reply, viewers, sights }))
      return;
    cache.store(key, { text: reply, by: answer.rung }, config().llm.cache.ttl_s * 1000);
  };

  const finish = (
    turn: PendingTurn,
    startedAt: number,
    write: ReturnType<typeof createReplyWriter>,
    answer: Answer,
  ) => {
    const countsAs: RungName = answer.declinedBy ?? answer.rung;
    if (!answer.isInterrupted) ladder.answered(countsAs);
    const errors = toResponses(answer.failures);
    const mode = write({ text: answer.last, rung: answer.rung, think: ladder.thinkBy(countsAs), final: true, errors });
    const source = sourceOf(answer.rung);
    const durationMs = clock.now() - startedAt;
    metrics.inc('understudy_turns_total', { source, mode });
    metrics.observe('understudy_turn_duration_seconds', { source }, durationMs / 1000);
    context.logger.logPerformance('turn', durationMs, { context: { turnId: turn.input.turnId, by: answer.rung } });
  };

  const answerTurn = async (turn: PendingTurn, write: ReturnType<typeof createReplyWriter>) => {
    const { input } = turn;
    const startedAt = clock.now();
    const key = replyKey(input.text, personaVersion(config().persona));
    const sights = conversation.sights();
    const report = (error: unknown) => reportError(error, circumstances(turn));
    const answer = await climb({
      text: input.text,
      plan: ladder.plan(),
      chain: ladder.chain(),
      deadlineAt: Math.min(startedAt + config().llm.deadline_ms, turn.endsAt),
      signal: turn.signal,
      prompt: (shortened, said, room) => conversation.prompt(input, said, shortened ? [] : sights, room),
      async lookUp() {
        const stored = key === undefined ? undefined : await cache.lookUp(key);
        return stored !== undefined && moderation.mayRepeat(stored.text) ? stored : undefined;
      },
      check: moderation.check,
      say: (text, rung) => void write({ text, rung, think: ladder.thinkBy(rung), final: false, errors: [] }),
      report,
      shorten: () => conversation.shorten(input),
    });
    finish(turn, startedAt, write, answer);
    keepForLater(
      turn,
      answer,
      key,
      sights.map(({ summary }) => summary),
    );
  };

  /** A fault of our own must not leave a viewer without an answer either. */
  const answerByPattern = (turn: PendingTurn, write: ReturnType<typeof createReplyWriter>, event: ErrorEvent) => {
    const rung = 'pattern';
    const text = line(intentOf(turn.input.text), turn.input.text);
    const mode = write({ text, rung, think: ladder.thinkBy(rung), final: true, errors: toResponses([event]) });
    metrics.inc('understudy_turns_total', { source: rung, mode });
  };

  return {
    async answer(turn: PendingTurn): Promise<void> {
      const { input, trace } = turn;
      const attributes = { 'understudy.turn_id': input.turnId, 'understudy.input_source': input.source };
      const heard = trace === undefined ? {} : ({ kind: 'consumer', parent: trace } as const);
      await withSpan('llm.turn', { attributes, ...heard }, async () => {
        context.operation('turn');
        const write = createReplyWriter(context, turn, send);
        try {
          await answerTurn(turn, write);
        } catch (error) {
          answerByPattern(turn, write, reportError(error, circumstances(turn)));
        }
      });
    },
    /** One sentence for a viewer whose turn was given up in a crowd. */
    excuse(turn: PendingTurn, event: ErrorEvent): void {
      answerByPattern(turn, createReplyWriter(context, turn, send), event);
    },
  };
}
export type TurnAnswerer = ReturnType<typeof createTurnAnswerer>;
