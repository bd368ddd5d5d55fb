import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogHint } from '../vrchat-log/log-state.ts';
import type { PeerEvidence } from './link.ts';
import { weighPeer } from './peer-evidence.ts';

type Row = readonly [
  oscQuery: 'gone' | 'runs' | 'unknown',
  log: LogHint,
  peer: PeerEvidence['peer'],
  by: PeerEvidence['by'],
];

const rows: readonly Row[] = [
  // OSCQuery answers: whatever the log of a moment ago says, it runs; only a world that loads explains the missing echo.
  ['runs', 'unknown', 'runs', 'oscquery'],
  ['runs', 'runs', 'runs', 'oscquery'],
  ['runs', 'gone', 'runs', 'oscquery'],
  ['runs', 'loading', 'loading', 'log'],
  // The port is closed by VRChat's end, but also by OSC switched off: a log that grows tells which.
  ['gone', 'unknown', 'gone', 'oscquery'],
  ['gone', 'runs', 'runs', 'log'],
  ['gone', 'gone', 'gone', 'log'],
  ['gone', 'loading', 'gone', 'oscquery'],
  // Without OSCQuery the log alone speaks.
  ['unknown', 'unknown', 'unknown', 'nothing'],
  ['unknown', 'runs', 'runs', 'log'],
  ['unknown', 'gone', 'gone', 'log'],
  ['unknown', 'loading', 'loading', 'log'],
];

for (const [oscQuery, log, peer, by] of rows)
  test(`OSCQuery ${oscQuery}, log ${log}: ${peer}, by ${by}`, () =>
    assert.deepEqual(weighPeer(oscQuery, log), { peer, by }));
