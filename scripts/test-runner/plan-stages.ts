import { availableParallelism } from 'node:os';

export interface Stage {
  name: string;
  /** Test files that run at the same time. */
  filesAtOnce: number;
  /** nats-server and redis-server must be there before it begins. */
  needsServers: boolean;
  /** Far above what any file that works takes, on a busy machine too. */
  fileLimitMs: number;
  files: string[];
}

const FILE_LIMIT_MS = 5 * 60_000;
/** An engine and its images may have to be made first. */
const COMPOSE_FILE_LIMIT_MS = 25 * 60_000;

/** Which files belong to which stage, in the order in which they run: what is quick and says most about a change comes first. */
const STAGES = [
  { name: 'documents', filesAtOnce: availableParallelism(), needsServers: false, owns: /^test\/docs\// },
  {
    name: 'unit',
    filesAtOnce: availableParallelism(),
    needsServers: false,
    owns: /(?<!\.integration|\.e2e)\.test\.ts$/,
  },
  { name: 'integration', filesAtOnce: 4, needsServers: true, owns: /\.integration\.test\.ts$/ },
  // Each starts a whole bot, which mostly waits.
  { name: 'end-to-end', filesAtOnce: 2, needsServers: true, owns: /^(?!test\/compose\/).*\.e2e\.test\.ts$/ },
  // Each starts the whole stack.
  {
    name: 'compose',
    filesAtOnce: 1,
    needsServers: false,
    fileLimitMs: COMPOSE_FILE_LIMIT_MS,
    owns: /^test\/compose\/.*\.e2e\.test\.ts$/,
  },
];

/**
 * Each test file in the first stage that owns it; stages without files are left out.
 * @param patterns when there are any, only files whose path contains one of them
 */
export function planStages(testFiles: readonly string[], patterns: readonly string[]): Stage[] {
  const wanted = testFiles.filter(
    (file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)),
  );
  return STAGES.map(({ owns, ...stage }) => ({
    fileLimitMs: FILE_LIMIT_MS,
    ...stage,
    files: wanted.filter((file) => STAGES.find((candidate) => candidate.owns.test(file))?.name === stage.name),
  })).filter(({ files }) => files.length > 0);
}
