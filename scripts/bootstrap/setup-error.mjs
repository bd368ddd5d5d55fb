/** The set-up cannot go on, and the operator can change that: the message says what is wrong and the remedy. Printed without a stack. */
export class SetupError extends Error {
  /**
   * @param {string} problem what is wrong, one line
   * @param {string} remedy what to do about it
   * @param {{ cause?: unknown }} [options]
   */
  constructor(problem, remedy, options) {
    super(`${problem}\n  -> ${remedy}`, options);
    this.name = 'SetupError';
  }
}
