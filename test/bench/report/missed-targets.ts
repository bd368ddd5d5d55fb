/** By the row's id or its beginning: why a target is missed and what would help. Shown only while it is missed. */
const REASONS: Readonly<Record<string, string>> = {
  'a.bus.p50':
    'besides its parts the way holds about 0.3 ms of the supervisor’s own work between delivery and append (read, validate, decide, fold, a log line; cold, because errors are rare), and the log lines and the notice of the steps just recorded are written before the command leaves. Telling after commanding brought the factor from 1.47 to 1.37 in a trial (one run each, on a busy machine).',
  'a.bare.p50': 'as through the bus; without the outbox the same trial brought the factor from 1.38 to 1.26.',
  a: 'missed on a machine at rest, too (2026-11-30), where the bare request-reply took 1.67 ms. What of it is the supervisor’s own, what the disk’s and what garbage collection has not been separated yet.',
  c: 'measured as errors come, one at a time with cold caches, where a line of bare pino is slow too. A quarter of it is formatting the stack (pino does that as well), a fifth each the write of the log line and its redaction; the rest is ids, the event, JSON and two counters.',
  'd.voice':
    'nearly all of it is `createDeadline` of the audio-gateway: its timer is a promise with an AbortSignal of its own. A plain `setTimeout` in its place costs about 2 % of it.',
  'd.model':
    'the row holds more than a guard (a span, two histograms, the cutting of the answer into sentences) and lies near the limit: runs on a busy machine gave 1.06 to 1.69. Much of its cost and of cockatiel’s is the abort signal of the time limit and the garbage of it.',
  e: 'three quarters of the start is loading 1400 to 1900 modules, where a bare Fastify loads 273: 683 are TypeBox’s, 236 openai’s (llm-service), 175 OpenTelemetry’s (warm cache, 0.2 ms each: file system and linking). What follows is compiling the routes’ schemas (25 ms), NATS and the permit (20 ms) and the watchdog’s thread. Everything bundled into one file was tried: about 320 ms instead of 530, still above the target, and against ADR 4 (no build step). A V8 snapshot takes no user-land modules.',
};

/** The reason of the longest beginning of the id. */
export function reasonFor(id: string): string {
  const [known] = Object.keys(REASONS)
    .filter((key) => id === key || id.startsWith(`${key}.`))
    .sort((a, b) => b.length - a.length);
  return (known && REASONS[known]) ?? 'not looked into yet; add the reason to test/bench/report/missed-targets.ts.';
}
