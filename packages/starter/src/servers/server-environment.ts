/** What a server needs of the environment to run; the keys of the operator's providers are none of its business. */
const NEEDED = new Set(['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'LANG', 'TZ', 'SYSTEMROOT', 'LD_LIBRARY_PATH']);

export const serverEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => NEEDED.has(name.toUpperCase())));
