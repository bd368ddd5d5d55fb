import { type Notifications, type Period, WEEKDAYS, type Weekday } from '@understudy/shared/config';

interface Range {
  readonly weekdays: readonly Weekday[];
  readonly times: readonly { readonly start_time: string; readonly end_time: string }[];
  readonly location: string;
}
export interface TimeInterval {
  readonly name: MuteName;
  readonly time_intervals: readonly Range[];
}

export type MuteName = 'quiet-hours' | 'on-air';

const nextDay = (day: Weekday): Weekday => WEEKDAYS[(WEEKDAYS.indexOf(day) + 1) % WEEKDAYS.length] ?? day;

/** Alertmanager's ranges end with the day: one that crosses midnight becomes two. */
export function rangesOf({ days, from, to }: Period, location: string): Range[] {
  const range = (weekdays: readonly Weekday[], start: string, end: string): Range => ({
    weekdays,
    times: [{ start_time: start, end_time: end }],
    location,
  });
  if (from < to) return [range(days, from, to)];
  const first = range(days, from, '24:00');
  return to === '00:00' ? [first] : [first, range(days.map(nextDay), '00:00', to)];
}

/** The schedules that have periods. */
export function timeIntervals({ quiet_hours, on_air, time_zone }: Notifications): TimeInterval[] {
  const schedules: [MuteName, readonly Period[]][] = [
    ['quiet-hours', quiet_hours],
    ['on-air', on_air],
  ];
  return schedules
    .filter(([, periods]) => periods.length > 0)
    .map(([name, periods]) => ({ name, time_intervals: periods.flatMap((period) => rangesOf(period, time_zone)) }));
}

/** A zone that this machine does not know, as a sentence with the remedy. */
export function timeZoneProblems({ time_zone }: Notifications): string[] {
  try {
    new Intl.DateTimeFormat('en', { timeZone: time_zone });
    return [];
  } catch {
    return [
      `notifications.time_zone: "${time_zone}" is no time zone; write one of the tz database, for example Europe/Berlin or America/New_York`,
    ];
  }
}
