import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProbeSpec } from '@understudy/shared/contracts';
import { T0 } from '../testing/error-events.ts';
import { joinIncident, openIncident } from '../testing/incidents.ts';
import { simulateRecovery, type World } from '../testing/simulate-recovery.ts';

/** The chain answers while one of its providers does. */
const worldOf = (answers: (provider: string, now: number) => boolean, providers = ['primary', 'backup']): World => ({
  probe: ({ subject }: ProbeSpec, now) =>
    subject === undefined ? providers.some((name) => answers(name, now)) : answers(subject, now),
});
const timeout = () => openIncident('LLM_TIMEOUT', { subject: 'primary' });
const waitsOf = ({ moves }: ReturnType<typeof simulateRecovery>) =>
  moves.flatMap(({ move }) => (move.type === 'watch' ? move.everyMs : []));

describe('cache_fallback', () => {
  it('is content with another provider, and returns to the first when it answers', () => {
    const { lines, incident } = simulateRecovery(
      timeout(),
      worldOf((name, now) => name === 'backup' || now > T0 + 30_000),
    );
    assert.deepEqual(lines.slice(0, 3), ['chain', 'degrade next_provider verified', 'watch primary']);
    assert.deepEqual(lines.slice(-2), ['return:primary force-rung', 'resolve']);
    assert.equal(incident.state, 'resolved');
  });

  it('begins at the cache while no provider answers', () => {
    const { lines } = simulateRecovery(
      timeout(),
      worldOf(() => false),
      { moves: 4 },
    );
    assert.deepEqual(lines, ['chain', 'force:cache force-rung', 'degrade cache_or_pattern', 'watch primary']);
  });

  it('says that a provider serves again as soon as one does, and waits for the other', () => {
    const both = joinIncident(timeout(), 'LLM_UNREACHABLE', { subject: 'backup' });
    const { lines } = simulateRecovery(
      both,
      worldOf((name, now) => now > T0 + (name === 'backup' ? 20_000 : 60_000)),
    );
    assert.deepEqual(
      [...new Set(lines)],
      [
        'chain',
        'force:cache force-rung',
        'degrade cache_or_pattern',
        'watch primary backup',
        'return:backup force-rung',
        'degrade next_provider verified',
        'watch primary',
        'return:primary force-rung',
        'resolve',
      ],
    );
  });

  it('goes on when the owner cannot be told where to begin', () => {
    const { lines } = simulateRecovery(timeout(), { ...worldOf(() => false), command: () => false }, { moves: 3 });
    assert.equal(lines.at(-1), 'degrade cache_or_pattern');
  });

  it('retries nothing where an operator must act, looks seldom, and returns by itself when that was done', () => {
    const quota = openIncident('LLM_QUOTA_EXHAUSTED', { subject: 'primary' });
    const played = simulateRecovery(
      quota,
      worldOf((_, now) => now > T0 + 600_000),
    );
    assert.deepEqual(
      [...new Set(played.lines)],
      ['chain', 'degrade cache_or_pattern', 'watch primary', 'return:primary force-rung', 'resolve'],
    );
    assert.deepEqual([...new Set(waitsOf(played))], [60_000]);
  });

  it('looks as often as ever for another provider once the account is in order', () => {
    const both = joinIncident(openIncident('LLM_QUOTA_EXHAUSTED', { subject: 'primary' }), 'LLM_TIMEOUT', {
      subject: 'backup',
    });
    const played = simulateRecovery(
      both,
      worldOf((name, now) => now > T0 + (name === 'primary' ? 100_000 : 300_000)),
    );
    const waits = waitsOf(played);
    assert.deepEqual(waits.slice(0, 3), [60_000, 60_000, 5000]);
    assert.deepEqual([...new Set(waits.slice(2))], [5000]);
  });

  it('waits as long as the provider asked for', () => {
    const limited = openIncident('LLM_RATE_LIMITED', { subject: 'primary', retryAfterMs: 90_000 });
    assert.deepEqual(
      [
        ...new Set(
          waitsOf(
            simulateRecovery(
              limited,
              worldOf(() => false),
            ),
          ),
        ),
      ],
      [90_000],
    );
  });

  it('waits so of a provider that joined, too, and no longer once that one answers again', () => {
    const limited = joinIncident(openIncident('LLM_TIMEOUT', { subject: 'primary' }), 'LLM_RATE_LIMITED', {
      subject: 'backup',
      retryAfterMs: 90_000,
    });
    const played = simulateRecovery(
      limited,
      worldOf((name, now) => now > T0 + (name === 'backup' ? 80_000 : 200_000)),
    );
    const waits = waitsOf(played);
    assert.deepEqual(waits.slice(0, 2), [90_000, 5000]);
    assert.deepEqual([...new Set(waits.slice(1))], [5000]);
  });

  it('looks less and less often for a provider whose return fails each time', () => {
    const played = simulateRecovery(
      timeout(),
      { command: () => false, probe: ({ subject }) => subject !== undefined },
      { forMs: 300_000 },
    );
    assert.deepEqual(waitsOf(played).slice(0, 4), [5000, 10_000, 20_000, 30_000]);
  });

  it('leaves the ladders of speech and transcription alone and proves them', () => {
    const { lines } = simulateRecovery(openIncident('SPEECH_TIMEOUT', { subject: 'tts' }), {
      probe: (_, now) => now > T0 + 9000,
    });
    assert.deepEqual([...new Set(lines)], ['chain', 'degrade cache_or_pattern', 'watch tts', 'return:tts', 'resolve']);
  });

  it('needs no name of a provider', () => {
    const { lines } = simulateRecovery(openIncident('LLM_TIMEOUT'), { probe: () => true });
    assert.deepEqual(lines, [
      'chain',
      'degrade next_provider verified',
      'watch it',
      'return:any force-rung',
      'resolve',
    ]);
  });
});
