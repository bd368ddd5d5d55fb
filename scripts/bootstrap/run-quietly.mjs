import { spawn } from 'node:child_process';

/**
 * @typedef {object} QuietResult
 * @property {number | null} exitCode null when a signal ended it or it could not be started
 * @property {string} output both streams, as they came
 */

/**
 * Runs a program and keeps what it says, for the case that it fails.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, shell?: boolean }} [options]
 * @returns {Promise<QuietResult>} never rejects: a program that is not there gives exit code null and the reason as output
 */
export function runQuietly(file, args, options = {}) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ exitCode: null, output: `${output}${error.message}` }));
    child.on('close', (exitCode) => resolve({ exitCode, output }));
  });
}
