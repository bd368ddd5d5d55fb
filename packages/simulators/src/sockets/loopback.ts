/** Everything listens here unless told otherwise: no simulator is reachable from the network by default. */
export const LOOPBACK = '127.0.0.1';
