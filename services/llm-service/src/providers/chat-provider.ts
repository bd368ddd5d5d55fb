import type { Usage } from './answer-chunk.ts';

/** One message of the prompt, as the chat API has it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
  /** Keeps viewers apart; `[a-zA-Z0-9_-]{1,64}`. */
  readonly name?: string;
}

export interface ChatQuestion {
  readonly messages: readonly ChatMessage[];
  /** Nothing said by then: the provider is left for the next one. */
  readonly firstTokenMs: number;
  /** A longer pause within the answer: stalled. */
  readonly nextTokenMs: number;
  /** Instead of the configured one; a probe wants a single token. */
  readonly maxTokens?: number;
}

/** Pieces of the streamed answer; `end` comes exactly once, after the last text. `length`: the model was cut off at its token limit. */
export type AnswerPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'end'; readonly reason: 'stop' | 'length' };

/** What a call took; `isEstimate`: the server did not say, so it was reckoned from the texts. */
export interface TokensUsed extends Usage {
  /** What was reckoned of the prompt before. */
  readonly estimatedInput: number;
  readonly isEstimate: boolean;
  readonly isOfOllama?: boolean;
  /** Of a probe's few words: they say nothing about a conversation. */
  readonly isProof?: boolean;
}

export interface ChatProvider {
  readonly name: string;
  /** Longest reply in tokens; the model's context must hold it beside the prompt. */
  readonly maxTokens: number;
  /**
   * Asks once, without retries.
   * @throws ServiceError with an `LLM_*` code and the provider's name as subject; the signal's reason when the caller aborted
   */
  ask(question: ChatQuestion, signal: AbortSignal): AsyncIterable<AnswerPart>;
}
