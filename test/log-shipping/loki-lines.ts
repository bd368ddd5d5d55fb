export interface LokiLine {
  readonly labels: Readonly<Record<string, string>>;
  /** Epoch nanoseconds. */
  readonly at: bigint;
  readonly text: string;
}

interface QueryRangeAnswer {
  readonly data: {
    readonly result: readonly { stream: Record<string, string>; values: readonly (readonly [string, string])[] }[];
  };
}

const PAGE = 5000;
const NS_PER_MS = 1_000_000n;

async function page(url: string, query: string, start: bigint, end: bigint): Promise<LokiLine[]> {
  const parameters = { query, start: `${start}`, end: `${end}`, limit: `${PAGE}`, direction: 'forward' };
  const response = await fetch(`${url}/loki/api/v1/query_range?${new URLSearchParams(parameters)}`);
  if (!response.ok) throw new Error(`Loki answers ${response.status}: ${await response.text()}`);
  const { data } = (await response.json()) as QueryRangeAnswer;
  const lines = data.result.flatMap(({ stream, values }) =>
    values.map(([at, text]) => ({ labels: stream, at: BigInt(at), text })),
  );
  return lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** Every line of `[fromMs, toMs)` (epoch milliseconds), page by page. No instant may hold as many lines as a page. */
export async function lokiLines(url: string, query: string, fromMs: number, toMs: number): Promise<LokiLine[]> {
  const end = BigInt(toMs) * NS_PER_MS;
  let start = BigInt(fromMs) * NS_PER_MS;
  const lines: LokiLine[] = [];
  for (;;) {
    const found = await page(url, query, start, end);
    const last = found.at(-1)?.at;
    if (last === undefined) return lines;
    if (found.length < PAGE) return [...lines, ...found];
    if (last === start) throw new Error(`more than ${PAGE} lines at the instant ${last}`);
    // The last instant may go on on the next page: it is read again there, whole.
    lines.push(...found.filter(({ at }) => at < last));
    start = last;
  }
}
