import type { Incident } from '@understudy/shared/contracts';
import { createAcknowledgements } from './acknowledgements.ts';
import { INCIDENT_LABEL, identityOf } from './alert.ts';
import { type AlertmanagerClient, EVERY_INCIDENT } from './alertmanager-client.ts';
import { isTellable, NEVER, type Posted, type PostSources, planPosts, toldFrom } from './plan-posts.ts';

export interface AlertPosterOptions extends Pick<PostSources, 'find' | 'isEnabled' | 'describe'> {
  readonly client: Omit<AlertmanagerClient, 'metrics'>;
  readonly open: () => readonly Incident[];
  /** All that are remembered, resolved ones too. */
  readonly list: () => readonly Incident[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Chance, 0 to 1. */
  readonly random: () => number;
  readonly onPosted: (result: 'told' | 'failed', alerts: number) => void;
  readonly onReachable: (reachable: boolean) => void;
  /** It has been out of reach for so long that somebody else must tell; once. */
  readonly onAway: (error: unknown) => void;
  /** It answers again after that. */
  readonly onBack: () => void;
}

/** How often it is asked whether it is the one that was given the alerts: it forgets them when it starts. */
const CHECK_MS = 10_000;
const TICK_MS = 1000;
const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 15_000;
export const AWAY_AFTER_MS = 30_000;
/** An Alertmanager that starts again right after an end must hear of that end once more. */
const KEEP_ENDED_MS = 900_000;

type Reach = { state: 'up' } | { state: 'failing'; since: number; failures: number; nextTryAt: number; away: boolean };

/**
 * Keeps Alertmanager's alerts what the open incidents say. It compares states and queues nothing: however long Alertmanager is away, what is
 * posted afterwards is what holds then.
 */
export function createAlertPoster(options: AlertPosterOptions) {
  const { client, now } = options;
  const posted = new Map<string, Posted>();
  const acknowledgements = createAcknowledgements(options);
  let reach: Reach = { state: 'up' };
  let knownStart: string | undefined;
  let nextCheckAt = NEVER;
  let lastSyncAt = NEVER;
  let running: Promise<void> | undefined;
  let again = false;
  /** Not before the incidents have been read: what is not known yet would be ended. */
  let ticking: NodeJS.Timeout | undefined;

  const sources = (): PostSources => ({
    open: options.open(),
    find: options.find,
    isEnabled: options.isEnabled,
    describe: options.describe,
    now: now(),
  });

  const giveAgain = (entry: Posted) => posted.set(identityOf(entry.alert), { ...entry, at: NEVER });

  /** What an earlier supervisor posted, and what was resolved so lately that its end may not have arrived. */
  const takeOver = async () => {
    const isLate = ({ resolvedAt }: Incident) =>
      resolvedAt !== undefined && Date.parse(resolvedAt) > now() - KEEP_ENDED_MS;
    const wasTold = (incident: Incident) =>
      isTellable(incident, options.isEnabled) && toldFrom(incident) <= Date.parse(incident.resolvedAt ?? '');
    for (const incident of options.list().filter((one) => isLate(one) && wasTold(one))) {
      const alert = { ...options.describe(incident), endsAt: incident.resolvedAt ?? '' };
      giveAgain({ alert, at: NEVER, ended: false });
    }
    for (const alert of await client.alerts(EVERY_INCIDENT)) giveAgain({ alert, at: NEVER, ended: false });
  };

  const meet = async () => {
    const { uptime } = await client.status();
    if (uptime !== knownStart) {
      if (knownStart === undefined) await takeOver();
      else for (const entry of posted.values()) giveAgain(entry);
      await acknowledgements.takeOver();
      knownStart = uptime;
    }
    nextCheckAt = now() + CHECK_MS;
  };

  const post = async () => {
    const plan = planPosts(posted, sources());
    if (plan.length === 0) return;
    const isNews = (entry: Posted) => posted.get(identityOf(entry.alert))?.ended !== entry.ended;
    const news = plan.filter(isNews).length;
    try {
      await client.post(plan.map(({ alert }) => alert));
    } catch (error) {
      if (news > 0) options.onPosted('failed', news);
      throw error;
    }
    for (const entry of plan) posted.set(identityOf(entry.alert), entry);
    if (news > 0) options.onPosted('told', news);
  };

  const forgetEnded = () => {
    for (const [key, { ended, at }] of posted) if (ended && now() - at > KEEP_ENDED_MS) posted.delete(key);
  };

  const succeed = () => {
    const wasAway = reach.state === 'failing' && reach.away;
    reach = { state: 'up' };
    options.onReachable(true);
    if (wasAway) options.onBack();
  };
  const fail = (error: unknown) => {
    const before = reach.state === 'failing' ? reach : { since: now(), failures: 0, away: false };
    const failures = before.failures + 1;
    const backoff = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), MAX_RETRY_MS) * (0.5 + options.random() / 2);
    const away = now() - before.since >= AWAY_AFTER_MS;
    reach = { state: 'failing', since: before.since, failures, nextTryAt: now() + backoff, away };
    // Whatever comes back may be another one.
    nextCheckAt = NEVER;
    options.onReachable(false);
    if (away && !before.away) options.onAway(error);
  };

  /** What waits for a time that comes only after the clock was set back does not wait for it. */
  const noticeClock = () => {
    const at = now();
    if (at < lastSyncAt) {
      nextCheckAt = NEVER;
      if (reach.state === 'failing') reach = { ...reach, since: at, nextTryAt: at };
    }
    lastSyncAt = at;
  };

  const sync = async () => {
    noticeClock();
    if (reach.state === 'failing' && now() < reach.nextTryAt) return;
    try {
      if (now() >= nextCheckAt) await meet();
      await acknowledgements.sync();
      await post();
      succeed();
      forgetEnded();
    } catch (error) {
      fail(error);
    }
  };

  /** One at a time; a change meanwhile is looked at right after. */
  const wake = (): Promise<void> | undefined => {
    if (!ticking) return undefined;
    again = running !== undefined;
    running ??= sync().finally(() => {
      running = undefined;
      if (again) void wake();
    });
    return running;
  };

  return {
    /** Something about an incident changed. Resolves when Alertmanager has been told, or could not be. */
    wake,
    /** Is it the one who tells? Not when it has been out of reach for 30 s. */
    isAuthor: () => reach.state === 'up' || !reach.away,
    /** Did it take this incident? */
    knows: (incidentId: string) =>
      [...posted.values()].some(
        ({ alert, at, ended }) => !ended && at > NEVER && alert.labels[INCIDENT_LABEL] === incidentId,
      ),
    begin() {
      ticking = setInterval(() => void wake(), TICK_MS);
      ticking.unref();
      void wake();
    },
    async stop() {
      clearInterval(ticking);
      ticking = undefined;
      await running;
    },
  };
}
export type AlertPoster = ReturnType<typeof createAlertPoster>;
