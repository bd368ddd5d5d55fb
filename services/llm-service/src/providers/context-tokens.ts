/** How the servers say what their model takes. First match counts. */
const LIMITS: readonly RegExp[] = [
  // OpenAI, vLLM, OpenRouter
  /maximum context length (?:is|of) (\d+)/i,
  // llama.cpp
  /available context size \((\d+) tokens\)/i,
  // LM Studio ("context length of only 32768"), old vLLM
  /context (?:length|window|size)[^\d]{1,20}(\d+)/i,
  // Anthropic by its compatible endpoint
  /> (\d+) maximum/i,
];

/** @returns tokens of prompt and answer together; `undefined` when the message does not say */
export function contextTokensIn(message: string): number | undefined {
  for (const limit of LIMITS) {
    const tokens = Number.parseInt(limit.exec(message)?.[1] ?? '', 10);
    if (tokens > 0) return tokens;
  }
  return undefined;
}
