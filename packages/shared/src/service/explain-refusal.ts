/** What of ajv's error is needed. */
export interface RequestProblem {
  readonly keyword: string;
  /** Where in the request, as a JSON pointer. */
  readonly instancePath: string;
  /** Where in the schema; within a union with `/anyOf/BRANCH/`. */
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

const LONGEST_NAME = 80;

const branchOf = ({ schemaPath }: RequestProblem): string | undefined => /^.*?\/anyOf\/\d+\//.exec(schemaPath)?.[0];

/** The names are another branch's. */
const isOfOtherNames = ({ keyword }: RequestProblem): boolean =>
  keyword === 'required' || keyword === 'additionalProperties';

/** Of a union only the branch whose names were given says what is wrong; without such a one all do. */
function toThePoint(problems: readonly RequestProblem[]): readonly RequestProblem[] {
  const each = problems.filter(({ keyword }) => keyword !== 'anyOf');
  const foreign = new Set(each.filter(isOfOtherNames).map(branchOf));
  const meant = each.filter((problem) => !foreign.has(branchOf(problem)));
  return meant.length > 0 ? meant : each;
}

function words({ keyword, params, message }: RequestProblem): string {
  if (keyword === 'enum' && Array.isArray(params['allowedValues']))
    return `must be one of ${params['allowedValues'].join(', ')}`;
  if (keyword === 'additionalProperties')
    return `takes no '${String(params['additionalProperty']).slice(0, LONGEST_NAME)}'`;
  return message ?? 'is wrong';
}

/**
 * What is wrong with a request, place by place, and what is allowed there.
 * @param part `body`, `querystring`, `params` or `headers`
 */
export function explainRefusal(problems: readonly RequestProblem[], part: string): string {
  const said = toThePoint(problems).map((problem) => `${part}${problem.instancePath} ${words(problem)}`);
  return [...new Set(said)].join(', ');
}
