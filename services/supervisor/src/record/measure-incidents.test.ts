import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCountedMetrics } from '../testing/counted-metrics.ts';
import { T0 } from '../testing/error-events.ts';
import { openIncident } from '../testing/incidents.ts';
import { measureIncidents } from './measure-incidents.ts';

const lost = openIncident('OSC_CONNECTION_LOST', { subject: 'vrchat' });
const silent = openIncident('BUS_UNAVAILABLE');

describe('measureIncidents', () => {
  it('counts the open ones by severity', async () => {
    const { metrics, lines } = createCountedMetrics();
    measureIncidents(metrics, [lost, silent, { ...lost, id: 'another' }]);
    assert.deepEqual(await lines('understudy_incidents_open{'), [
      'understudy_incidents_open{severity="critical"} 1',
      'understudy_incidents_open{severity="error"} 2',
    ]);
    measureIncidents(metrics, []);
    assert.deepEqual(await lines('understudy_incidents_open{'), []);
  });

  it('has one series for each that is open, as it is now', async () => {
    const { metrics, lines } = createCountedMetrics();
    const { id, summary, remedy } = lost;
    measureIncidents(metrics, [lost]);
    measureIncidents(metrics, [{ ...lost, state: 'degraded' }]);
    assert.deepEqual(await lines('understudy_incident_info{'), [
      `understudy_incident_info{incident_id="${id}",code="OSC_CONNECTION_LOST",of="osc-bridge",subject="vrchat",severity="error",policy="external_service_failure",state="degraded",summary="${summary}",remedy="${remedy}"} ${T0 / 1000}`,
    ]);
    measureIncidents(metrics, []);
    assert.deepEqual(await lines('understudy_incident_info{'), []);
  });
});
