/** What of ajv's error (`verbose`) is needed. */
export interface RequestProblem {
  readonly keyword: string;
  /** Where in the request, as a JSON pointer. */
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  /** What stands there. */
  readonly data?: unknown;
  /** What is wanted there, by one branch of a union. */
  readonly parentSchema?: { readonly properties?: object };
}

const LONGEST_NAME = 80;

const isOfNames = ({ keyword }: RequestProblem): boolean =>
  keyword === 'required' || keyword === 'additionalProperties';
const knowsSome = ({ data, parentSchema }: RequestProblem): boolean =>
  Object.keys(Object(data)).some((name) => Object.hasOwn(parentSchema?.properties ?? {}, name));

/** Of a union only the branch whose names were given says what is wrong: all of its names, else some; else every branch. */
function toThePoint(problems: readonly RequestProblem[]): readonly RequestProblem[] {
  const each = problems.filter(({ keyword }) => keyword !== 'anyOf');
  const nearest = [each.filter((problem) => !isOfNames(problem)), each.filter(knowsSome)];
  return nearest.find((found) => found.length > 0) ?? each;
}

function words({ keyword, params, message = 'is wrong' }: RequestProblem): readonly [says: string, what: string] {
  if (keyword === 'enum' && Array.isArray(params['allowedValues']))
    return [' must be one of ', params['allowedValues'].join(', ')];
  if (keyword === 'required') return [' must have ', `'${params['missingProperty']}'`];
  if (keyword === 'additionalProperties')
    return [' takes no ', `'${String(params['additionalProperty']).slice(0, LONGEST_NAME)}'`];
  return [' ', message];
}

/**
 * What is wrong with a request, place by place, and what is allowed there.
 * @param part `body`, `querystring`, `params` or `headers`
 */
export function explainRefusal(problems: readonly RequestProblem[], part: string): string {
  const said = new Map<string, Set<string>>();
  for (const problem of toThePoint(problems)) {
    const [says, what] = words(problem);
    const begin = `${part}${problem.instancePath}${says}`;
    said.set(begin, (said.get(begin) ?? new Set()).add(what));
  }
  return [...said].map(([begin, whats]) => begin + [...whats].join(' or ')).join(' or ');
}
