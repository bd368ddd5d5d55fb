/** The stack cannot be set up; the message is for the operator and names the remedy. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
