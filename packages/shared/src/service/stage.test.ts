import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Capability,
  combine,
  FULL_CEILINGS,
  type LevelBy,
  type ModeChange,
  type Observed,
  UNKNOWN,
} from '../contracts/index.ts';
import { createStage } from './stage.ts';

const full: LevelBy = { level: 'full', by: 'works' };
const shut: LevelBy = { level: 'off', by: 'operator' };
const ALL_FULL: Observed = { hear: full, speak: full, think: full, act: full, see: full };

const modeChange = (observed: Observed, ceilings = FULL_CEILINGS, essential = false): ModeChange => ({
  mode: 'full',
  limits: [],
  essential,
  capabilities: combine(observed, ceilings),
  at: '2026-11-24T12:00:00.000Z',
});

function setUp(owned: readonly Capability[] = ['act']) {
  let now = 0;
  const told: Observed[] = [];
  const ceilings: [Capability, LevelBy][] = [];
  const stage = createStage({
    owned,
    now: () => now,
    silentAfterMs: () => 3000,
    onObserved: (observed) => told.push(observed),
    onCeiling: (capability, ceiling) => ceilings.push([capability, ceiling]),
  });
  return { stage, told, ceilings, at: (ms: number) => (now = ms) };
}

describe('what a service observes', () => {
  it('is told at each change, a repetition is free', () => {
    const { stage, told } = setUp();
    assert.deepEqual(stage.observed(), { act: UNKNOWN });
    stage.observe('act', 'full', 'vrchat');
    stage.observe('act', 'full', 'vrchat');
    stage.observe('act', 'off', 'no_echo');
    assert.deepEqual(told, [{ act: { level: 'full', by: 'vrchat' } }, { act: { level: 'off', by: 'no_echo' } }]);
  });

  it('is told the first time also when it equals what was assumed: the key still holds the last process’s word', () => {
    const { stage, told } = setUp();
    stage.observe('act', UNKNOWN.level, UNKNOWN.by);
    stage.observe('act', UNKNOWN.level, UNKNOWN.by);
    assert.deepEqual(told, [{ act: UNKNOWN }]);
  });
});

describe('a ceiling', () => {
  it('is obeyed, told once, and kept apart from what is observed', () => {
    const { stage, ceilings } = setUp();
    stage.observe('act', 'full', 'vrchat');
    stage.setCeiling('act', shut);
    stage.setCeiling('act', { ...shut });
    assert.deepEqual(stage.effective('act'), shut);
    assert.deepEqual(stage.observed(), { act: { level: 'full', by: 'vrchat' } });
    assert.deepEqual(ceilings, [['act', shut]]);
  });

  it('comes with the published mode too', () => {
    const { stage, ceilings } = setUp();
    stage.onModeChange(modeChange(ALL_FULL, { ...FULL_CEILINGS, act: shut }));
    stage.onModeChange(modeChange(ALL_FULL, { ...FULL_CEILINGS, act: shut }));
    assert.deepEqual(ceilings, [['act', shut]]);
    assert.deepEqual(stage.ceilings(), { ...FULL_CEILINGS, act: shut });
  });

  it('holds from an earlier process on', () => {
    const stage = createStage({
      owned: ['act'],
      ceilings: { ...FULL_CEILINGS, act: shut },
      now: () => 0,
      silentAfterMs: () => 3000,
      onObserved: () => {},
      onCeiling: () => {},
    });
    stage.observe('act', 'full', 'vrchat');
    assert.equal(stage.solveMode().limits.includes('no_avatar'), true);
  });
});

describe('the mode as a service solves it', () => {
  it('counts nobody that it has not heard of', () => {
    const { stage } = setUp();
    stage.observe('act', 'full', 'vrchat');
    assert.deepEqual(stage.solveMode().limits, ['text_only', 'scripted', 'no_vision']);
  });

  it('lays its own observations over the published ones, and those of a turn over both', () => {
    const { stage } = setUp();
    stage.onModeChange(modeChange({ ...ALL_FULL, act: { level: 'off', by: 'stale' } }));
    stage.observe('act', 'full', 'vrchat');
    assert.deepEqual(stage.solveMode(), {
      mode: 'full',
      limits: [],
      capabilities: combine({ ...ALL_FULL, act: { level: 'full', by: 'vrchat' } }, FULL_CEILINGS),
    });
    assert.equal(stage.solveMode({ speak: { level: 'off', by: 'no_device' } }).mode, 'text_only');
    assert.equal(stage.solveMode().mode, 'full');
  });

  it('keeps the published essential flag', () => {
    const { stage } = setUp();
    stage.onModeChange(modeChange(ALL_FULL, FULL_CEILINGS, true));
    stage.observe('act', 'full', 'vrchat');
    assert.deepEqual(stage.solveMode().limits, ['essential']);
  });
});

it('is supervised as long as a mode was published lately', () => {
  const { stage, at } = setUp();
  assert.equal(stage.isSupervised(), false);
  at(1000);
  stage.onModeChange(modeChange({}));
  at(3999);
  assert.equal(stage.isSupervised(), true);
  at(4000);
  assert.equal(stage.isSupervised(), false);
});
