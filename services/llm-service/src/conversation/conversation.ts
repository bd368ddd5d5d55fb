import type { Config } from '@understudy/shared/config';
import type { Observation, TurnInput } from '@understudy/shared/contracts';
import type { ChatMessage } from '../providers/chat-provider.ts';
import { estimatePrompt } from '../providers/estimate-tokens.ts';
import { buildPrompt } from './build-prompt.ts';
import { createMemory, type RememberedTurn } from './memory.ts';
import { createScene, type Sight } from './scene.ts';

/** Whoever speaks without a session stands before the same stage. */
const COMMON_SESSION = 'stage';
/** What is left of the memory while optional features are shed, and after a model found it too long. */
const FEW_TURNS = 2;

type Speaker = Pick<TurnInput, 'sessionId' | 'userId' | 'text'>;

const sessionOf = ({ sessionId }: Speaker): string => sessionId ?? COMMON_SESSION;
const spokenBy = ({ userId, text }: Speaker) => (userId === undefined ? { text } : { userId, text });

/** What a turn is told besides its own words: the persona, what was said before, what is seen. */
export function createConversation(config: () => Pick<Config, 'llm' | 'persona'>, now: () => number) {
  const memory = createMemory(now);
  const scene = createScene(now);
  let isShed = false;

  const maxTurns = () => (isShed ? Math.min(FEW_TURNS, config().llm.memory_turns) : config().llm.memory_turns);
  const recall = (speaker: Speaker) => memory.recall(sessionOf(speaker), maxTurns());

  return {
    see: (observation: Observation): void => scene.see(observation),
    /** What may be spoken of as seen now. */
    sights: (): readonly Sight[] => (isShed ? [] : scene.fresh(config().llm.observation_max_age_ms)),
    /** @param room tokens that the model takes, once that is known: the oldest turns are left out until it fits */
    prompt(speaker: Speaker, said: readonly string[], sights: readonly Sight[], room?: number): ChatMessage[] {
      const build = (turns: readonly RememberedTurn[]) =>
        buildPrompt({ personaPrompt: config().persona.prompt, turns, sights, question: spokenBy(speaker), said });
      let turns = recall(speaker);
      let messages = build(turns);
      while (room !== undefined && turns.length > 0 && estimatePrompt(messages) > room) {
        turns = turns.slice(1);
        messages = build(turns);
      }
      return messages;
    },
    remember(speaker: Speaker, answer: string): void {
      memory.remember(sessionOf(speaker), { ...spokenBy(speaker), answer }, maxTurns());
    },
    /** The model found the conversation too long: forget all but its end, or it will find so again. */
    shorten: (speaker: Speaker): void => memory.trim(sessionOf(speaker), FEW_TURNS),
    /** User ids of whoever speaks in this session. */
    viewers: (speaker: Speaker): string[] => [
      ...new Set([...recall(speaker), speaker].flatMap(({ userId }) => userId ?? [])),
    ],
    forgetIdle: (): number => memory.forgetIdle(),
    shed(on: boolean): void {
      isShed = on;
    },
  };
}
export type Conversation = ReturnType<typeof createConversation>;
