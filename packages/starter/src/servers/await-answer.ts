import { connect } from 'node:net';

export interface Question {
  readonly host: string;
  readonly port: number;
  /** Sent as soon as the connection is there; a server that greets first needs nothing. */
  readonly say: string;
  readonly answer: RegExp;
}

const AGAIN_AFTER_MS = 50;
const ANSWER_LIMIT_MS = 1000;

/**
 * Connects and asks until the right answer comes: the port being open proves nothing yet.
 * @throws the signal's reason, or after `limitMs` an Error that names the address and the last failure
 */
export async function awaitAnswer(question: Question, signal: AbortSignal, limitMs: number): Promise<void> {
  const giveUpAt = performance.now() + limitMs;
  let last = 'no answer';
  while (performance.now() < giveUpAt) {
    signal.throwIfAborted();
    const failure = await ask(question);
    if (failure === undefined) return;
    last = failure;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  }
  throw new Error(`${question.host}:${question.port} did not answer within ${limitMs / 1000} s: ${last}`);
}

/** @returns what went wrong, `undefined` when the answer came */
function ask({ host, port, say, answer }: Question): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let heard = '';
    const finish = (failure: string | undefined) => {
      socket.destroy();
      resolve(failure);
    };
    socket.setTimeout(ANSWER_LIMIT_MS, () => finish(`silent after ${JSON.stringify(heard.slice(0, 80))}`));
    socket.setEncoding('utf8');
    socket.on('connect', () => say !== '' && socket.write(say));
    socket.on('data', (chunk) => {
      heard = (heard + chunk).slice(0, 4096);
      if (answer.test(heard)) finish(undefined);
    });
    socket.on('error', (error) => finish(error.message));
    socket.on('close', () => finish(`closed after ${JSON.stringify(heard.slice(0, 80))}`));
  });
}
