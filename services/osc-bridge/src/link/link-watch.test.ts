import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@understudy/shared/testing';
import type { Echo, EchoResult } from './echo.ts';
import { createLinkWatch } from './link-watch.ts';
import { proveLink } from './prove-link.ts';

const LIMITS = { quietAfterMs: 10_000, echoIntervalMs: 2000, lostAfterProbes: 2 };
const MISSING: EchoResult = { proven: false, peer: 'unknown', parameter: 'unknown' };
const PROVEN: EchoResult = { proven: true, by: 'echo' };

const SHOWN: EchoResult = { proven: true, by: 'oscquery' };

function arrange(answer: () => Promise<EchoResult>) {
  const clock = createFakeClock(0);
  const changes: string[] = [];
  let asks = 0;
  const echo: Echo = {
    ask: () => {
      asks += 1;
      return answer();
    },
    heard: (value) => value,
    learn: () => {},
  };
  const watch = createLinkWatch({
    echo,
    now: clock.now,
    limits: () => LIMITS,
    logHint: () => 'unknown',
    signal: new AbortController().signal,
    onChange: (before, after) => {
      if (before.link.state !== after.link.state) changes.push(`${before.link.state} -> ${after.link.state}`);
    },
  });
  const prove = (signal = new AbortController().signal, mustHear = false) =>
    proveLink(
      { watch, now: clock.now, isReceiving: () => true, echoParameter: () => 'UnderstudyProbe', mustHear },
      signal,
    );
  return { clock, watch, changes, asks: () => asks, prove };
}

test('one question at a time: whoever asks meanwhile gets its answer, and it counts once', async () => {
  const { watch, changes, asks } = arrange(async () => MISSING);
  assert.deepEqual(await Promise.all([watch.ask(), watch.ask()]), [MISSING, MISSING]);
  assert.deepEqual({ asks: asks(), changes }, { asks: 1, changes: [] });
  await watch.ask();
  assert.deepEqual(changes, ['quiet -> lost']);
});

test('a question that decided nothing is no miss', async () => {
  const { watch, changes } = arrange(async () => ({ ...MISSING, peer: 'runs', undecided: true }));
  for (let asks = 0; asks < 3; asks += 1) await watch.ask();
  assert.deepEqual({ unanswered: watch.view().link.unanswered, changes }, { unanswered: 0, changes: [] });
});

test('an echo that was not asked for is a message like any other', () => {
  const { watch } = arrange(async () => MISSING);
  watch.echoHeard(false);
  const { link } = watch.view();
  assert.deepEqual({ state: link.state, echo: link.echo }, { state: 'connected', echo: 'unknown' });
});

test('a socket in doubt is a reason to ask although VRChat is heard', async () => {
  const { clock, watch, asks } = arrange(async () => PROVEN);
  await watch.ask();
  await clock.advance(2000);
  watch.heard();
  watch.beat(false);
  assert.equal(asks(), 1);
  watch.beat(true);
  assert.equal(asks(), 2);
});

test('the probe is proven by an echo', async () => {
  const { prove } = arrange(async () => PROVEN);
  assert.deepEqual(await prove(), { ok: true, detail: 'VRChat echoed UnderstudyProbe' });
});

test('what OSCQuery shows proves that VRChat applies, not that it is heard: that wants a message', async () => {
  let onAsk = (): void => {};
  const { prove, watch } = arrange(async () => {
    onAsk();
    return SHOWN;
  });
  const never = new AbortController().signal;
  assert.deepEqual(await prove(), { ok: true, detail: 'OSCQuery shows UnderstudyProbe as it was set' });
  assert.deepEqual(await prove(never, true), {
    ok: false,
    detail: 'VRChat did not echo UnderstudyProbe in 3 asks, and nothing that it sends arrives',
  });
  assert.equal(watch.view().unheard, true);
  onAsk = () => watch.heard();
  assert.deepEqual(await prove(never, true), { ok: true, detail: 'OSCQuery shows UnderstudyProbe as it was set' });
  assert.equal(watch.view().unheard, false);
});

test('the probe asks three times and then says what is missing', async () => {
  const { prove, asks } = arrange(async () => MISSING);
  assert.deepEqual(await prove(), {
    ok: false,
    detail: 'VRChat did not echo UnderstudyProbe in 3 asks, and nothing that it sends arrives',
  });
  assert.equal(asks(), 3);
});

test('the probe tells a VRChat that sends and applies nothing from one that is silent', async () => {
  const { prove, watch } = arrange(async () => {
    watch.heard();
    return { proven: false, peer: 'runs', parameter: 'present' };
  });
  assert.deepEqual(await prove(), {
    ok: false,
    detail: 'VRChat sends, but did not echo UnderstudyProbe in 3 asks: it does not apply what it is sent',
  });
});

test('the probe ends with its signal, whatever is under way', async () => {
  const { prove } = arrange(() => new Promise(() => {}));
  assert.deepEqual(await prove(AbortSignal.abort()), {
    ok: false,
    detail: 'no echo of UnderstudyProbe within the time of the probe',
  });
});

test('an avatar without the parameter is proven by a message since the probe began, and says so', async () => {
  let onAsk = (): void => {};
  const { watch, prove } = arrange(async () => {
    onAsk();
    return { proven: false, peer: 'unknown', parameter: 'absent' };
  });
  watch.heard();
  onAsk = () => watch.heard();
  assert.deepEqual(await prove(), {
    ok: true,
    detail: 'VRChat sends; this avatar has no UnderstudyProbe, so that it applies OSC is not proven',
  });
});

test('that VRChat runs is not that it is heard, whatever its avatar has', async () => {
  const { prove } = arrange(async () => ({ proven: false, peer: 'runs', parameter: 'absent' }));
  const never = new AbortController().signal;
  assert.deepEqual([(await prove(never)).ok, (await prove(never, true)).ok], [true, false]);
});

test('a message from before the probe proves nothing now', async () => {
  const { clock, watch, prove } = arrange(async () => ({ proven: false, peer: 'unknown', parameter: 'absent' }));
  watch.heard();
  await clock.advance(1);
  assert.equal((await prove()).ok, false);
});
