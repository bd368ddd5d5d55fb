import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { ResolvedConfig } from '@understudy/shared/config';
import type { ProbeResult, ServiceContext } from '@understudy/shared/service';
import { explainOutage, findServerPlace, NO_SESSION_MANAGER, type PactlFailure } from '../pulse/explain-outage.ts';
import { createEventReader, type PulseEvent } from '../pulse/read-events.ts';
import { type PulseInventory, readInventory } from '../pulse/read-inventory.ts';
import { runPactl } from './run-pactl.ts';

/** The sound server as it is known: what it has, or why it is away. */
export type ServerState =
  | { readonly state: 'connecting' }
  | { readonly state: 'there'; readonly inventory: PulseInventory }
  | { readonly state: 'away'; readonly why: string };

export interface PulseServer {
  /** For the children: the server's address and the C locale, in which they are understood. */
  readonly env: NodeJS.ProcessEnv;
  readonly latencyMs: number;
  now(): ServerState;
  /** A device came or went, or the server did. @returns stops */
  onChange(listener: () => void): () => void;
  /** A stream behaved oddly: looks again. */
  refresh(): void;
  /** Sound came from it or went into it just now. */
  noteLife(): void;
  /**
   * It has shown life within the last seconds, or answers now; else it is `away`.
   * @param asked `isDoubted`: life that it has shown before does not count
   */
  prove(asked?: { readonly isDoubted: boolean }): Promise<ProbeResult>;
  close(): Promise<void>;
}

type Surroundings = Pick<ServiceContext, 'clock' | 'logger' | 'metrics'>;

const LIST = ['-f', 'json', 'list'];
/** A list takes 6 ms; a desktop under load a hundred times that. */
const ANSWER_MS = 2000;
const LIFE_MS = 5000;
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 10_000;
/** A plug brings a dozen events: they share one list. */
const GATHER_MS = 50;
/** Whether the subscription is in force is known by its first event; until then it is provoked. */
const PROVOKE_MS = 500;
const CONCERNED = new Set(['source', 'sink', 'source-output', 'sink-input', 'server']);

/** Events of volumes and meters do not matter, comings and goings do. */
const concerns = ({ on, event }: PulseEvent): boolean => CONCERNED.has(on) && event !== 'change';

/**
 * Keeps `pactl subscribe` running and an inventory up to date by its events; when the server ends or hangs it says why, and finds it
 * again by itself with backoff. No event, no work: a server where nothing changes costs nothing.
 */
export function openPulseServer(
  context: Surroundings,
  { server, latency_ms }: ResolvedConfig['audio']['pulse'],
): PulseServer {
  const { clock } = context;
  const env = { ...process.env, LC_ALL: 'C', ...(server === undefined ? {} : { PULSE_SERVER: server }) };
  const listeners = new Set<() => void>();
  const closing = new AbortController();
  let state: ServerState = { state: 'connecting' };
  let lastLifeAt = Number.NEGATIVE_INFINITY;
  let known = '';
  /** Ends the present connection. */
  let lose: (failure: PactlFailure) => void = () => {};
  let listing: Promise<PactlFailure | undefined> | undefined;
  let gathering = false;
  let changedMeanwhile = false;

  const explain = (failure: PactlFailure): string =>
    explainOutage(failure, findServerPlace(server, process.env, process.getuid?.(), existsSync));

  const goAway = (failure: PactlFailure) => {
    const why = explain(failure);
    if (known !== why) context.logger.warning('The sound server is away', { context: { why } });
    enter({ state: 'away', why }, why);
  };

  const enter = (next: ServerState, facts: string) => {
    state = next;
    if (facts === known) return;
    known = facts;
    for (const listener of listeners) listener();
  };

  const list = async (): Promise<PactlFailure | undefined> => {
    const answer = await runPactl(LIST, env, ANSWER_MS, closing.signal);
    if (!answer.ok) return answer.failure;
    lastLifeAt = clock.now();
    const inventory = readInventory(answer.text);
    if (inventory === undefined) {
      context.metrics.inc('understudy_bad_input_total', { edge: 'pulse', reason: 'no_inventory' });
      return { type: 'failed', said: 'pactl -f json list wrote no inventory' };
    }
    if (!inventory.isManaged) return NO_SESSION_MANAGER;
    enter({ state: 'there', inventory }, JSON.stringify(inventory));
    return undefined;
  };

  /** Lists at the same time share one; what changed while one ran is listed once more. */
  const listOnce = (): Promise<PactlFailure | undefined> => {
    listing ??= list().finally(() => {
      listing = undefined;
      if (!changedMeanwhile) return;
      changedMeanwhile = false;
      gather();
    });
    return listing;
  };

  const gather = () => {
    if (listing !== undefined) changedMeanwhile = true;
    else if (!gathering) {
      gathering = true;
      clock.after(GATHER_MS, () => {
        gathering = false;
        if (state.state !== 'there' || closing.signal.aborted) return;
        void listOnce().then((failure) => failure && lose(failure));
      });
    }
  };

  /** One connection, from the first answer to its loss. */
  const live = async (): Promise<PactlFailure> => {
    const lost = Promise.withResolvers<PactlFailure>();
    lose = lost.resolve;
    let isSubscribed = false;
    const read = createEventReader();
    const subscription = spawn('pactl', ['-f', 'json', 'subscribe'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    subscription.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said = (said + chunk).slice(-1000);
    });
    subscription.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      // What changed between the list and the subscription is listed now.
      if (!isSubscribed) gather();
      isSubscribed = true;
      if (read(chunk).some(concerns)) gather();
    });
    subscription.on('error', () => lost.resolve({ type: 'missing' }));
    subscription.on('close', () => lost.resolve({ type: 'failed', said }));
    const stop = () => lost.resolve({ type: 'failed', said: 'closed' });
    closing.signal.addEventListener('abort', stop);
    try {
      const failure = await Promise.race([listOnce(), lost.promise]);
      if (failure) return failure;
      let isOver = false;
      void lost.promise.then(() => {
        isOver = true;
      });
      const provoke = () => {
        if (isOver || isSubscribed) return;
        void listOnce().then((found) => found && lose(found));
        clock.after(PROVOKE_MS, provoke);
      };
      clock.after(PROVOKE_MS, provoke);
      return await lost.promise;
    } finally {
      closing.signal.removeEventListener('abort', stop);
      lose = () => {};
      subscription.kill('SIGKILL');
    }
  };

  const keepLiving = async () => {
    let waitMs = RETRY_FIRST_MS;
    while (!closing.signal.aborted) {
      const wasThere = state.state === 'there';
      const failure = await live();
      if (closing.signal.aborted) return;
      if (wasThere || state.state === 'there') waitMs = RETRY_FIRST_MS;
      goAway(failure);
      await clock.sleep(waitMs, closing.signal).catch(() => {});
      waitMs = Math.min(RETRY_MAX_MS, waitMs * 2);
    }
  };
  const living = keepLiving();

  return {
    env,
    latencyMs: latency_ms,
    now: () => state,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh: gather,
    noteLife() {
      lastLifeAt = clock.now();
    },
    async prove({ isDoubted } = { isDoubted: false }) {
      // Also a clock that is set back must not hide a server that hangs.
      const isFresh = !isDoubted && Math.abs(clock.now() - lastLifeAt) <= LIFE_MS;
      if (state.state !== 'away' && !(state.state === 'there' && isFresh)) {
        const failure = await listOnce();
        if (failure && !closing.signal.aborted) {
          lose(failure);
          goAway(failure);
        }
      }
      const now: ServerState = state;
      return now.state === 'away' ? { ok: false, detail: now.why } : { ok: true, detail: 'the sound server answers' };
    },
    async close() {
      closing.abort();
      listeners.clear();
      await living;
    },
  };
}
