import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { FULL_CEILINGS, type Incident, kvKeys, type ModeChange } from '@understudy/shared/contracts';
import { createCountedMetrics } from '../testing/counted-metrics.ts';
import { T0 } from '../testing/error-events.ts';
import { openIncident } from '../testing/incidents.ts';
import { createCapabilityBoard } from './capability-board.ts';
import { createModePublisher, type ModePublisher } from './mode-publisher.ts';

const see = { level: 'off', by: 'feature_off' } as const;
const off: Incident = { ...openIncident('CV_CHILD_CRASHED'), ceilings: { see } };
const full = { level: 'full', by: 'x' } as const;

let open: Incident[];
let connected: boolean;
let refuses: boolean;
let published: ModeChange['mode'][];
let keys: [string, unknown][];
let errors: unknown[];
let publisher: ModePublisher;
let counted: ReturnType<typeof createCountedMetrics>;

beforeEach(() => {
  [open, connected, refuses, published, keys, errors] = [[], true, false, [], [], []];
  counted = createCountedMetrics();
  const board = createCapabilityBoard();
  board.observe('audio-gateway', { hear: full, speak: full });
  board.observe('llm-service', { think: full });
  board.observe('osc-bridge', { act: full });
  board.observe('cv-service', { see: full });
  publisher = createModePublisher({
    board,
    open: () => open,
    hub: {
      isConnected: () => connected,
      publishMode: ({ mode }) => void published.push(mode),
      async writeKey(key, value) {
        if (refuses) throw new Error('refused');
        keys.push([key, value]);
      },
    },
    metrics: counted.metrics,
    now: () => T0,
    onError: (error) => void errors.push(error),
  });
});

describe('the mode publisher', () => {
  it('publishes a change at once and a repetition only when told to', () => {
    publisher.refresh();
    open = [off];
    publisher.refresh();
    publisher.refresh();
    publisher.tick();
    assert.deepEqual(published, ['no_vision', 'no_vision']);
    assert.equal(publisher.current().mode, 'no_vision');
  });

  it('tells its listeners of changes only', () => {
    const heard: string[] = [];
    const stop = publisher.onChange(({ mode }) => heard.push(mode));
    open = [off];
    publisher.tick();
    publisher.tick();
    stop();
    open = [];
    publisher.tick();
    assert.deepEqual(heard, ['no_vision']);
  });

  it('keeps mode and ceilings in KV, once a change', () => {
    publisher.tick();
    publisher.tick();
    open = [off];
    publisher.tick();
    assert.deepEqual(
      keys.map(([key]) => key),
      [kvKeys.mode, kvKeys.ceilings, kvKeys.mode, kvKeys.ceilings],
    );
    assert.deepEqual(keys[1]?.[1], FULL_CEILINGS);
    assert.deepEqual(keys[3]?.[1], { ...FULL_CEILINGS, see });
    assert.deepEqual(keys[2]?.[1], publisher.current());
  });

  it('writes what NATS missed as soon as it is back, or when it was refused', async () => {
    connected = false;
    publisher.tick();
    assert.deepEqual(keys, []);
    [connected, refuses] = [true, true];
    publisher.tick();
    await new Promise(setImmediate);
    assert.equal(errors.length, 1);
    refuses = false;
    publisher.tick();
    assert.equal(keys.length, 2);
  });

  it('measures the mode and each capability, from the first moment on', async () => {
    const levelsNow = async () => (await counted.metrics.text()).match(/^understudy_capability_level\{.*/gm)?.length;
    assert.equal(await levelsNow(), 5);
    open = [off];
    publisher.refresh();
    assert.deepEqual(await counted.lines('understudy_mode{'), ['understudy_mode{mode="no_vision"} 1']);
    const levels = await counted.lines('understudy_capability_level{');
    assert.deepEqual(
      levels,
      ['hear', 'speak', 'think', 'act'].map((name) => `understudy_capability_level{capability="${name}"} 2`),
    );
  });
});
