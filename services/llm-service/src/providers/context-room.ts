/** Of a prompt that was found too long by a server that does not say what it takes. */
const LESS = 0.75;
/** Our estimate was too low by at least that: it is held for too low by a little more. */
const CAUTION = 1.1;
/** Template and separators that no estimate knows. */
const MARGIN_TOKENS = 16;
/** A count of the server's moves the correction by so much: one odd prompt does not turn it. */
const WEIGHT = 0.3;
/** Before any count: no language that is commonly written has fewer tokens than that for one of our estimate. */
const LEAST_CORRECTION = 0.5;

/**
 * What one provider's model takes, learnt from its own words: once told, prompts are cut before it must say so again.
 * @param answerTokens the longest answer: it shares the context with the prompt
 */
export function createContextRoom(answerTokens: number) {
  let limit: number | undefined;
  /** Tokens of the server for one of ours. */
  let correction = 1;
  let isCounted = false;
  /** Of a server that leaves out without a word what does not fit. */
  let silentLimit: number | undefined;
  let tookWhole: boolean | undefined;

  const learn = (estimated: number, told: number | undefined): void => {
    limit = told ?? Math.floor(estimated * correction * LESS) + answerTokens;
    const least = (limit - answerTokens) / Math.max(1, estimated);
    if (correction < least) correction = least * CAUTION;
  };

  return {
    /** How long a prompt may be, in our estimate; `undefined` while nothing is known. */
    tokens: (): number | undefined =>
      limit === undefined ? undefined : Math.max(1, Math.floor((limit - answerTokens - MARGIN_TOKENS) / correction)),
    /** A prompt was too long. @param told what the model takes, where the server says so */
    learn,
    /** The server takes so many tokens, and says nothing of those that it leaves out; none does so: infinite. */
    knowSilent(tokens: number): void {
      silentLimit = tokens;
    },
    /**
     * The server has counted a prompt.
     * @returns what was sent and what it takes, when it has left out a part of this one without a word: the first time, for from then on
     * prompts are cut here
     */
    compare(estimated: number, counted: number): { sent: number; takes: number } | undefined {
      if (estimated <= 0 || counted <= 0) return undefined;
      const least = estimated * (isCounted ? correction : LEAST_CORRECTION);
      if (silentLimit !== undefined && least > silentLimit && counted <= silentLimit) {
        tookWhole = false;
        if (limit !== undefined) return undefined;
        learn(estimated, silentLimit);
        return { sent: Math.round(estimated * (isCounted ? correction : 1)), takes: silentLimit };
      }
      correction += (counted / estimated - correction) * WEIGHT;
      isCounted = true;
      if (silentLimit !== undefined) tookWhole ??= true;
      return undefined;
    },
    /** Of the prompts that the server has counted; `undefined` while it may have cut them. One that was cut is never made good. */
    tookWhole: (): boolean | undefined => tookWhole,
  };
}
export type ContextRoom = ReturnType<typeof createContextRoom>;
