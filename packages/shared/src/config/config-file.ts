import { join, resolve } from 'node:path';

/** Where the operator's configuration is. */
export interface ConfigFile {
  readonly path: string;
  /** Somebody asked for this one, so that it must be there. Without the one of the checkout every default holds. */
  readonly isNamed: boolean;
}

/**
 * The file that was asked for, a relative path meaning: from the checkout; else `config/understudy.yaml`.
 * @param root the checkout
 * @param named the content of `UNDERSTUDY_CONFIG`; empty is none
 */
export const configFileOf = (root: string, named: string | undefined): ConfigFile =>
  named
    ? { path: resolve(root, named), isNamed: true }
    : { path: join(root, 'config', 'understudy.yaml'), isNamed: false };
