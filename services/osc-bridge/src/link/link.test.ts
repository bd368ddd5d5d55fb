import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  AVATAR_PAUSE_MS,
  isAskDue,
  isStale,
  isUnheard,
  isUnproven,
  type Link,
  type LinkLimits,
  type ListedParameter,
  NEW_LINK,
  onAsked,
  onAvatarChange,
  onEcho,
  onEchoShown,
  onHeard,
  onNoEcho,
  onTime,
  type PeerEvidence,
} from './link.ts';

const LIMITS: LinkLimits = { quietAfterMs: 10_000, echoIntervalMs: 2000, lostAfterProbes: 2 };
const ECHO_TIMEOUT_MS = 1000;
const NOTHING: PeerEvidence = { peer: 'unknown', by: 'nothing' };
const GONE: PeerEvidence = { peer: 'gone', by: 'oscquery' };
const LOADING: PeerEvidence = { peer: 'loading', by: 'log' };
const RUNS: PeerEvidence = { peer: 'runs', by: 'oscquery' };

interface World {
  /** Does VRChat answer the echo, when asked at this time? */
  readonly echoes: (at: number) => boolean;
  /** Does it send something by itself at this time? */
  readonly sends: (at: number) => boolean;
  readonly peer?: PeerEvidence;
  readonly parameter?: ListedParameter;
}

/** Plays the watch's loop in beats of 100 ms; lists each change of state. */
function play(
  world: World,
  until: number,
  start: Link = NEW_LINK,
  from = 0,
): { link: Link; changes: [number, string][] } {
  let link = start;
  let askedAt: number | undefined;
  const changes: [number, string][] = [];
  for (let now = from; now <= until; now += 100) {
    const before = link.state;
    if (world.sends(now)) link = onHeard(link, now);
    link = onTime(link, now, LIMITS);
    if (askedAt !== undefined && world.echoes(askedAt)) {
      link = onEcho(link, now);
      askedAt = undefined;
    } else if (askedAt !== undefined && now - askedAt >= ECHO_TIMEOUT_MS) {
      link = onNoEcho(link, LIMITS, world.peer ?? NOTHING, world.parameter ?? 'unknown');
      askedAt = undefined;
    }
    if (askedAt === undefined && isAskDue(link, now, LIMITS)) {
      link = onAsked(link, now);
      askedAt = now;
    }
    if (link.state !== before) changes.push([now, link.state === 'lost' ? `lost: ${link.reason}` : link.state]);
  }
  return { link, changes };
}

const never = () => false;
const always = () => true;

test('an avatar that stands still is quiet, not lost, and proven by its echo', () => {
  const { link, changes } = play({ echoes: always, sends: (at) => at === 0 }, 60_000);
  assert.deepEqual(changes, [
    [0, 'connected'],
    [10_000, 'quiet'],
  ]);
  assert.deepEqual({ echo: link.echo, unproven: isUnproven(link, 60_000, LIMITS) }, { echo: 'works', unproven: false });
});

test('VRChat that vanishes is lost within five seconds of its last sign', () => {
  const { changes } = play({ echoes: (at) => at < 15_000, sends: (at) => at < 15_000 }, 30_000);
  assert.deepEqual(changes, [
    [0, 'connected'],
    [18_900, 'lost: no_answer'],
  ]);
});

test('the reason of a loss is what OSCQuery tells', () => {
  const vanished = { echoes: (at: number) => at < 5000, sends: never };
  assert.deepEqual(play({ ...vanished, peer: GONE }, 20_000).changes.at(-1)?.[1], 'lost: vrchat_gone');
  assert.deepEqual(play({ ...vanished, peer: RUNS }, 20_000).changes.at(-1)?.[1], 'lost: osc_off');
});

test('VRChat that was never there is lost after the first asks', () => {
  assert.deepEqual(play({ echoes: never, sends: never }, 10_000).changes, [[2000, 'lost: no_answer']]);
});

test('a lost VRChat is found again by one message, or by the echo', () => {
  const lost = play({ echoes: never, sends: never }, 10_000).link;
  assert.deepEqual(play({ echoes: never, sends: (at) => at === 3_600_000 }, 3_600_000, lost, 3_590_000).changes, [
    [3_600_000, 'connected'],
  ]);
  assert.deepEqual(play({ echoes: always, sends: never }, 14_000, lost, 12_000).changes, [[12_100, 'connected']]);
});

test('a first ask that set what was set already is followed by one that toggles, at once', () => {
  const link = onNoEcho(onAsked(onEcho(NEW_LINK, 0), 2000), LIMITS, NOTHING, 'unknown');
  assert.deepEqual({ state: link.state, due: isAskDue(link, 3000, LIMITS) }, { state: 'quiet', due: true });
});

test('an avatar without the parameter is unproven when it stands still, and never lost for that', () => {
  const { link, changes } = play({ echoes: never, sends: (at) => at < 5000 }, 60_000);
  assert.deepEqual(changes, [
    [0, 'connected'],
    [14_900, 'quiet'],
  ]);
  assert.deepEqual({ echo: link.echo, unproven: isUnproven(link, 60_000, LIMITS) }, { echo: 'absent', unproven: true });
});

test('an avatar that is put on and stands still at once is not lost for lacking the parameter', () => {
  const { link, changes } = play({ echoes: never, sends: never }, 60_000, onAvatarChange(onEcho(NEW_LINK, 0), 0));
  assert.deepEqual({ changes, echo: link.echo }, { changes: [[10_000, 'quiet']], echo: 'absent' });
});

test('an avatar that never echoed is not stale for not echoing', () => {
  let link = onNoEcho(onAsked(NEW_LINK, 0), LIMITS, RUNS, 'absent');
  for (const now of [1000, 2000, 3000]) link = onNoEcho(onHeard(onAsked(link, now), now), LIMITS, NOTHING, 'unknown');
  assert.deepEqual({ ignored: link.ignored, stale: isStale(link, LIMITS) }, { ignored: 3, stale: false });
});

test('without the parameter OSCQuery still sees VRChat go', () => {
  const world = { echoes: never, sends: (at: number) => at < 5000, peer: GONE };
  assert.equal(play(world, 20_000).changes.at(-1)?.[1], 'lost: vrchat_gone');
});

test('OSCQuery says at once that the avatar lacks the parameter', () => {
  const link = onNoEcho(onAsked(NEW_LINK, 0), LIMITS, RUNS, 'absent');
  assert.deepEqual({ state: link.state, echo: link.echo }, { state: 'quiet', echo: 'absent' });
});

test('another avatar is asked anew, after a pause', () => {
  const link = onAvatarChange(onEcho(NEW_LINK, 0), 50_000);
  assert.equal(link.echo, 'unknown');
  assert.equal(isAskDue(link, 50_000 + AVATAR_PAUSE_MS - 1, LIMITS), false);
  assert.equal(isAskDue(link, 50_000 + AVATAR_PAUSE_MS, LIMITS), true);
});

test('VRChat that sends but no longer applies is stale, and fresh again with the next echo', () => {
  const { link } = play({ echoes: (at) => at < 20_000, sends: always }, 60_000);
  assert.deepEqual({ state: link.state, stale: isStale(link, LIMITS) }, { state: 'connected', stale: true });
  assert.equal(isStale(onEcho(link, 60_100), LIMITS), false);
});

test('what only OSCQuery shows: two proofs without a word in the silence between are a VRChat that is not heard', () => {
  const shown = (link: Link, at: number): Link => onTime(onEchoShown(onAsked(link, at), at), at, LIMITS);
  const once = shown(NEW_LINK, 1000);
  const twice = shown(once, 4000);
  assert.deepEqual(
    [once, twice].map((link) => isUnheard(link, LIMITS)),
    [false, true],
  );
  // One message is enough, and after it the silence must last as long as any.
  const heard = onHeard(twice, 5000);
  assert.equal(isUnheard(heard, LIMITS), false);
  const again = shown(shown(heard, 8000), 11_000);
  assert.deepEqual({ state: again.state, unheard: isUnheard(again, LIMITS) }, { state: 'connected', unheard: false });
  assert.equal(isUnheard(onTime(again, 15_000, LIMITS), LIMITS), true);
  assert.equal(isUnheard(onEcho(again, 15_000), LIMITS), false);
});

test('a loss ends with what OSCQuery shows, but nothing was heard by that', () => {
  const lost = play({ echoes: never, sends: never }, 10_000).link;
  const { state, heardAt, unheard } = onEchoShown(lost, 12_000);
  assert.deepEqual({ state, heardAt, unheard }, { state: 'quiet', heardAt: undefined, unheard: 1 });
});

test('while messages flow the echo is asked every quiet_after_ms only', () => {
  const link = onHeard(onEcho(onAsked(NEW_LINK, 0), 100), 10_000);
  assert.deepEqual(
    [10_000, 10_099, 10_100].map((now) => isAskDue(link, now, LIMITS)),
    [false, false, true],
  );
});

test('while a world loads silence is no loss, and afterwards it is', () => {
  const vanished = { echoes: (at: number) => at < 5000, sends: never };
  const loading = play({ ...vanished, peer: LOADING }, 40_000);
  assert.deepEqual(
    { state: loading.link.state, unanswered: loading.link.unanswered },
    { state: 'quiet', unanswered: 0 },
  );
  assert.deepEqual(play(vanished, 50_000, loading.link, 40_000).changes.at(-1)?.[1], 'lost: no_answer');
});

test('an avatar that has the parameter, by its lists, but never echoed it: stale while it sends (F34), lost while it does not', () => {
  const changed = onAvatarChange(onEcho(NEW_LINK, 0), 0);
  const { link } = play({ echoes: never, sends: always, parameter: 'present' }, 20_000, changed);
  assert.deepEqual({ state: link.state, stale: isStale(link, LIMITS) }, { state: 'connected', stale: true });
  const { changes } = play({ echoes: never, sends: never, parameter: 'present' }, 20_000, changed);
  assert.equal(changes.at(-1)?.[1], 'lost: no_answer');
});

test('property: no history without silence when asked is a loss, and any sign of life ends one', () => {
  const world = fc.record({
    sends: fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
    peer: fc.constantFrom(GONE, RUNS, NOTHING, LOADING),
  });
  fc.assert(
    fc.property(world, ({ sends, peer }) => {
      const at = (now: number): boolean => sends[Math.floor(now / 500) % sends.length] ?? false;
      const healthy = play({ echoes: always, sends: at, peer }, 40_000);
      assert.ok(healthy.changes.every(([, state]) => !state.startsWith('lost')));
      const ill = play({ echoes: never, sends: at, peer }, 40_000);
      assert.notEqual(onHeard(ill.link, 40_100).state, 'lost');
      assert.notEqual(onEcho(ill.link, 40_100).state, 'lost');
    }),
  );
});
