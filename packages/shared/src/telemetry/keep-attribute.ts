/** A span that carries it is kept, and with it all that follows from it. */
export const KEEP_ATTRIBUTE = 'understudy.keep';
