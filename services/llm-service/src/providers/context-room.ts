/** Of a prompt that was found too long by a server that does not say what it takes. */
const LESS = 0.75;
/** Our estimate was too low by at least that: it is held for too low by a little more. */
const CAUTION = 1.1;
/** Template and separators that no estimate knows. */
const MARGIN_TOKENS = 16;
/** A count of the server's moves the correction by so much: one odd prompt does not turn it. */
const WEIGHT = 0.3;

/**
 * What one provider's model takes, learnt from its own words: once told, prompts are cut before it must say so again.
 * Servers that cut silently (Ollama) tell nothing, and nothing is learnt of them.
 * @param answerTokens the longest answer: it shares the context with the prompt
 */
export function createContextRoom(answerTokens: number) {
  let limit: number | undefined;
  /** Tokens of the server for one of ours. */
  let correction = 1;
  return {
    /** How long a prompt may be, in our estimate; `undefined` while nothing is known. */
    tokens: (): number | undefined =>
      limit === undefined ? undefined : Math.max(1, Math.floor((limit - answerTokens - MARGIN_TOKENS) / correction)),
    /** A prompt was too long. @param told what the model takes, where the server says so */
    learn(estimated: number, told: number | undefined): void {
      limit = told ?? Math.floor(estimated * correction * LESS) + answerTokens;
      const least = (limit - answerTokens) / Math.max(1, estimated);
      if (correction < least) correction = least * CAUTION;
    },
    /** The server has counted a prompt. */
    compare(estimated: number, counted: number): void {
      if (estimated > 0 && counted > 0) correction += (counted / estimated - correction) * WEIGHT;
    },
  };
}
export type ContextRoom = ReturnType<typeof createContextRoom>;
