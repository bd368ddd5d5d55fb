import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Period, WEEKDAYS, type Weekday } from '@understudy/shared/config';
import fc from 'fast-check';
import { configOf } from '../testing/configs.ts';
import { rangesOf, timeIntervals, timeZoneProblems } from './time-intervals.ts';

const notifications = (yaml: string) => configOf(`notifications: ${yaml}`).notifications;
const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** Whether a minute of the week lies in a period, as its operator means it: from its day's beginning for as long as it lasts. */
function isMeant({ days, from, to }: Period, day: Weekday, minute: number): boolean {
  const length = (minutes(to) - minutes(from) + 1440) % 1440 || 1440;
  return days.some((begins) => {
    const since = ((WEEKDAYS.indexOf(day) - WEEKDAYS.indexOf(begins) + 7) % 7) * 1440 + minute - minutes(from);
    return ((since % (7 * 1440)) + 7 * 1440) % (7 * 1440) < length;
  });
}

/** As Alertmanager understands it: the end is not included. */
const isCovered = (period: Period, day: Weekday, minute: number): boolean =>
  rangesOf(period, 'UTC').some(
    ({ weekdays, times }) =>
      weekdays.includes(day) &&
      times.some(({ start_time, end_time }) => minute >= minutes(start_time) && minute < minutes(end_time)),
  );

describe('rangesOf', () => {
  it('covers every minute that is meant, and no other', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    const period = fc.record({
      days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
      from: minute.map(clockOf),
      to: minute.map(clockOf),
    });
    fc.assert(
      fc.property(period, fc.constantFrom(...WEEKDAYS), minute, (given, day, at) => {
        assert.equal(isCovered(given, day, at), isMeant(given, day, at));
      }),
      { numRuns: 2000 },
    );
  });

  it('gives no range that ends where it begins, which Alertmanager refuses', () => {
    const ends = ['00:00', '00:01', '12:00', '23:59'];
    const ranges = ends.flatMap((from) => ends.flatMap((to) => rangesOf({ days: ['friday'], from, to }, 'UTC')));
    assert.deepEqual(
      ranges.flatMap(({ times }) => times).filter(({ start_time, end_time }) => start_time >= end_time),
      [],
    );
  });
});

describe('timeIntervals', () => {
  it('splits a night at midnight', () => {
    assert.deepEqual(
      timeIntervals(
        notifications('{ time_zone: Europe/Berlin, on_air: [{ days: [sunday], from: "20:00", to: "01:00" }] }'),
      ),
      [
        {
          name: 'on-air',
          time_intervals: [
            {
              weekdays: ['sunday'],
              times: [{ start_time: '20:00', end_time: '24:00' }],
              location: 'Europe/Berlin',
            },
            {
              weekdays: ['monday'],
              times: [{ start_time: '00:00', end_time: '01:00' }],
              location: 'Europe/Berlin',
            },
          ],
        },
      ],
    );
  });

  it('has none without periods', () => {
    assert.deepEqual(timeIntervals(notifications('{}')), []);
  });
});

describe('timeZoneProblems', () => {
  it('knows the time zones of the world', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'])
      assert.deepEqual(timeZoneProblems(notifications(`{ time_zone: ${zone} }`)), []);
  });

  it('names one that is none, and what to write', () => {
    assert.deepEqual(timeZoneProblems(notifications('{ time_zone: Europe/Berln }')), [
      'notifications.time_zone: "Europe/Berln" is no time zone; write one of the tz database, for example Europe/Berlin or America/New_York',
    ]);
  });
});
