import { EXIT_BAD_CONFIGURATION } from '@understudy/shared/config';

/** What `understudy` ends with; a script may rely on them. */
export const EXIT = {
  ok: 0,
  /** It was asked and did not work. */
  failed: 1,
  /** The command line makes no sense. */
  usage: 2,
  /** Nobody answers. */
  notRunning: 3,
  /** The configuration is not there, or wrong where it says who is to be asked. */
  badConfiguration: EXIT_BAD_CONFIGURATION,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
