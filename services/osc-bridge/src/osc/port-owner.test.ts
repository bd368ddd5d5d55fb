import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inodesOfPort } from './port-owner.ts';

const TABLE = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  312: 0100007F:2329 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 81234 2 0000000000000000 0
  313: 00000000:2328 0100007F:2329 07 00000000:00000000 00:00000000 00000000  1000        0 81235 2 0000000000000000 0
  314: 00000000:2329 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 81236 2 0000000000000000 0
`;

test('the local port decides, whatever the address', () => {
  assert.deepEqual(inodesOfPort(TABLE, 9001), ['81234', '81236']);
  assert.deepEqual(inodesOfPort(TABLE, 9002), []);
  assert.deepEqual(inodesOfPort('', 9001), []);
});
