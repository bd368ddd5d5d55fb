/** What a registry client's failure means to the operator, by the codes that npm and pnpm print. First match wins. */
const REMEDIES = [
  {
    pattern:
      /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ERR_PNPM_META_FETCH_FAIL)\b|error sending request/,
    remedy:
      'the package registry cannot be reached: check the network and any proxy, then run the command again (it is needed the first time only)',
  },
  {
    pattern: /\b(CERT_|SELF_SIGNED_CERT|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER_CERT)/,
    remedy:
      "the registry's certificate is not trusted here: behind a company proxy set NODE_EXTRA_CA_CERTS to its certificate file",
  },
  {
    pattern: /\b(E401|E403|ERR_PNPM_FETCH_401|ERR_PNPM_FETCH_403)\b/,
    remedy: 'the registry refused: check the registry and its token in your .npmrc',
  },
  {
    pattern: /\b(E404|ETARGET|ERR_PNPM_FETCH_404|ERR_PNPM_NO_MATCHING_VERSION)\b/,
    remedy:
      'your registry does not have this version: a mirror may lag behind; use another registry in your .npmrc, or install Node >= 24 yourself',
  },
  {
    pattern: /\bEINTEGRITY|ERR_PNPM_TARBALL_INTEGRITY\b/,
    remedy: 'a download was damaged: run the command again; if it stays so, `npm cache clean --force`',
  },
  { pattern: /\bENOSPC\b/, remedy: 'the disk is full: about 600 MB are needed' },
  {
    pattern: /\b(EACCES|EPERM|EROFS)\b/,
    remedy:
      'no permission to write here: check who owns this folder, and on Windows whether a virus scanner holds its files',
  },
  {
    pattern: /ERR_PNPM_OUTDATED_LOCKFILE/,
    remedy: 'pnpm-lock.yaml does not fit the package.json files: run `pnpm install` and commit the lock file',
  },
];

const LINES_QUOTED = 15;

/**
 * @param {string} output what the failing program printed
 * @returns {string} the remedy, followed by the last lines of the output
 */
export function explainFailure(output) {
  const known = REMEDIES.find(({ pattern }) => pattern.test(output));
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const quoted = lines.slice(-LINES_QUOTED).map((line) => `     | ${line}`);
  return [known?.remedy ?? 'read its last lines and run the command again', ...quoted].join('\n');
}
