import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readPromql } from '../testing/read-promql.ts';
import { INCIDENT, NOTHING, policy } from './alert.ts';
import { memoryOf, unlessTold } from './unless-told.ts';

describe('memoryOf', () => {
  it('is the longest window of an expression', () => {
    assert.deepEqual(
      ['up == 0', 'rate(a[90s])', 'rate(a[5m]) > increase(b[1h])', 'x[2d]'].map(memoryOf),
      [0, 90, 3600, 172_800],
    );
  });
});

describe('unlessTold', () => {
  it('leaves alone what no incident explains', () => {
    assert.equal(unlessTold('up == 0', NOTHING), 'up == 0');
  });

  it('remembers an incident for as long as the expression does, and two minutes more', () => {
    const told = unlessTold('increase(errors[5m]) > 0', policy('critical_errors'));
    assert.equal(
      told,
      '(increase(errors[5m]) > 0) unless on () (count(last_over_time(understudy_incident_info{policy="critical_errors",severity=~"critical|error|warning"}[420s])) > 0)',
    );
  });

  it('asks for an incident of the same service, and for the bus', () => {
    const told = unlessTold('up == 0', INCIDENT);
    assert.match(told, /unless on \(service\) .*"service", "\$1", "of".* unless on \(\) .*BUS_UNAVAILABLE/);
    assert.ok(readPromql(told).isValid);
  });
});
