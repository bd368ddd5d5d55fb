import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { CAPABILITIES, type Incident, LEVELS } from '@understudy/shared/contracts';
import fc from 'fast-check';
import { isoAt, T0 } from '../testing/error-events.ts';
import { openIncident } from '../testing/incidents.ts';
import { type CapabilityBoard, ceilingsOf, createCapabilityBoard } from './capability-board.ts';

const FULL = { level: 'full', by: 'unrestricted' } as const;
const incident = (own: Partial<Incident>): Incident => ({ ...openIncident('MEMORY_HIGH'), ...own });
let board: CapabilityBoard;

beforeEach(() => {
  board = createCapabilityBoard();
});

describe('the capability board', () => {
  it('counts as off what nobody has been heard of', () => {
    const unheard = { observed: { level: 'off', by: 'not_heard_of' }, ceiling: FULL };
    assert.deepEqual(board.solve([], T0), {
      mode: 'text_only',
      limits: ['text_only', 'scripted', 'no_avatar', 'no_vision'],
      essential: false,
      capabilities: { hear: unheard, speak: unheard, think: unheard, act: unheard, see: unheard },
      at: isoAt(T0),
    });
  });

  it('tells what changed, and of a repetition nothing', () => {
    const hear = { level: 'full', by: 'device:headset' } as const;
    const speak = { level: 'full', by: 'device:speakers' } as const;
    assert.deepEqual(board.observe('audio-gateway', { hear, speak }), ['hear', 'speak']);
    assert.deepEqual(board.observe('audio-gateway', { hear, speak }), []);
    assert.deepEqual(board.observe('audio-gateway', { hear, speak: { ...speak, by: 'device:monitor' } }), ['speak']);
    assert.deepEqual(board.observe('audio-gateway', {}), []);
    assert.deepEqual(board.solve([], T0).capabilities.hear.observed, hear);
  });

  it('lets nobody speak for another’s capability', () => {
    assert.deepEqual(board.observe('audio-gateway', { think: { level: 'full', by: 'me' } }), []);
    assert.deepEqual(board.solve([], T0).capabilities.think.observed, { level: 'off', by: 'not_heard_of' });
  });

  it('takes everything from a service that is silent', () => {
    board.observe('cv-service', { see: { level: 'full', by: 'camera' } });
    board.silence('cv-service');
    assert.deepEqual(board.solve([], T0).capabilities.see.observed, { level: 'off', by: 'service_silent' });
  });

  it('forgets a service that nobody has heard since', () => {
    board.observe('cv-service', { see: { level: 'full', by: 'camera' } });
    board.forget('cv-service');
    assert.deepEqual(board.solve([], T0).capabilities.see.observed, { level: 'off', by: 'not_heard_of' });
  });
});

describe('ceilingsOf', () => {
  it('restricts nothing without incidents', () => {
    assert.deepEqual(ceilingsOf([]), {
      ceilings: { hear: FULL, speak: FULL, think: FULL, act: FULL, see: FULL },
      essential: false,
    });
  });

  it('runs the essentials without vision', () => {
    const { ceilings, essential } = ceilingsOf([incident({ essential: true })]);
    assert.deepEqual(
      { see: ceilings.see, essential },
      { see: { level: 'off', by: 'essential_mode' }, essential: true },
    );
  });

  it('is for each capability the lowest of all incidents', () => {
    const level = fc.option(fc.record({ level: fc.constantFrom(...LEVELS), by: fc.constantFrom('a', 'b') }), {
      nil: undefined,
    });
    const own = fc
      .dictionary(fc.constantFrom(...CAPABILITIES), level)
      .map((all) => incident({ ceilings: JSON.parse(JSON.stringify(all)) }));
    fc.assert(
      fc.property(fc.array(own, { maxLength: 4 }), (open) => {
        const { ceilings } = ceilingsOf(open);
        for (const capability of CAPABILITIES) {
          const given = open.flatMap((one) => one.ceilings[capability]?.level ?? []);
          assert.equal(ceilings[capability].level, LEVELS.find((one) => given.includes(one)) ?? 'full');
        }
      }),
    );
  });
});
