import { count, ms, section } from './schema-parts.ts';

export const RecoverySchema = section(
  {
    command_timeout_ms: ms(4000, 'How long an owner may take for one command.'),
    probe_timeout_ms: ms(6000, 'How long a probe may take.'),
    reopen_within_ms: ms(600_000, 'A resolved incident reopens when its failure comes back within this time.'),
    actions_per_hour: count(
      600,
      'Commands that the supervisor may send in an hour, all incidents together; then it only watches.',
    ),
    restart_intensity: section(
      {
        max_starts: count(5, 'Starts of one service within the period; one more parks it.'),
        period_ms: ms(120_000, 'The period.'),
        park_ms: ms(900_000, 'How long a parked service idles.'),
      },
      'Bound of the restarts of one service.',
    ),
    device_fallback: section(
      {
        settle_ms: ms(200, 'Pause after a switch before its probe.'),
        watch_interval_ms: ms(2000, 'How often the preferred device is tested while another serves.'),
      },
      'Walks the approved devices.',
    ),
    reconnect_retry: section(
      {
        initial_delay_ms: ms(1000, 'Backoff of the first attempt; doubles, with full jitter.'),
        max_delay_ms: ms(30_000, 'Longest backoff.'),
        quick_attempts: count(3, 'Quick attempts before degraded mode.'),
        slow_probe_ms: ms(5000, 'Interval of the slow probing that never ends.'),
      },
      'Reconnects to a peer.',
    ),
    cache_fallback: section(
      {
        watch_interval_ms: ms(5000, 'How often a failed provider is tried again.'),
        account_watch_interval_ms: ms(60_000, 'The same where an operator must act first: key, quota, model, memory.'),
      },
      'Keeps the chain of providers on the best rung that answers.',
    ),
    disable_feature: section(
      {
        restarts: count(3, 'Restarts before the feature is switched off.'),
        period_ms: ms(300_000, 'Restarts are counted within this time.'),
        restart_delay_ms: ms(500, 'Pause before a restart; doubles.'),
        off_ms: ms(30_000, 'How long it stays off before it is tried again; doubles up to max_off_ms.'),
        max_off_ms: ms(900_000, 'The longest time off.'),
      },
      'Restarts an optional part, then does without it.',
    ),
    default_fallback: section(
      { watch_interval_ms: ms(5000, 'How often it is asked whether the configuration is good again.') },
      'Keeps the last known good configuration.',
    ),
    clear_and_restart: section(
      {
        settle_ms: ms(2000, 'Pause after each step before memory is measured.'),
        restart_wait_ms: ms(5000, 'Pause after a restart before memory is measured.'),
        calm_ms: ms(30_000, 'Memory must stay low for so long before essential mode ends.'),
      },
      'Gives memory back.',
    ),
  },
  'How the supervisor recovers.',
);

export const HealthSchema = section(
  {
    heartbeat_interval_ms: ms(1000, 'Heartbeat of every service.'),
    max_missed_heartbeats: count(3, 'More missed ones in a row are an error.'),
    start_grace_ms: ms(20_000, 'How long a service may take to start before its silence is an error.'),
    event_loop_late_ms: ms(250, 'A 99th percentile of the event-loop delay above this is an error.'),
    event_loop_blocked_ms: ms(
      1000,
      'A blocked event loop is ended by its watchdog after this time; on Linux what it waits for a processor does not count.',
    ),
    memory_growth_window_ms: ms(300_000, 'Growth is judged over this window.'),
    memory_forecast_ms: ms(600_000, 'Growth that reaches the limit within this time is an error.'),
    supervisor_silent_ms: ms(10_000, 'A service acts by itself when the supervisor has been silent for so long.'),
  },
  'What counts as ill.',
);
