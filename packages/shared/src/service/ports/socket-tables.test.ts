import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lsofPid, netstatPid, socketInodes } from './socket-tables.ts';

const PROC_NET_TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:21FC 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4242 1 0000000000000000 100 0 0 10 0
   1: 0100007F:21FC 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 4343 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:9C40 0100007F:21FC 06 00000000:00000000 03:00001770 00000000     0        0 0 3 0000000000000000
`;
const PROC_NET_UDP = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  109: 0100007F:1B45 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 5151 2 0000000000000000 0
`;
const NETSTAT = `
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    0.0.0.0:18700          0.0.0.0:0              ABHÖREN         999
  TCP    127.0.0.1:8700         127.0.0.1:51000        HERGESTELLT     777
  TCP    127.0.0.1:8700         0.0.0.0:0              ABHÖREN         4711
  UDP    127.0.0.1:6981         *:*                                    815
`;

test('Linux: of TCP only the listening socket counts, of UDP any', () => {
  assert.deepEqual(socketInodes(PROC_NET_TCP, 'tcp', 8700), ['4242']);
  assert.deepEqual(socketInodes(PROC_NET_TCP, 'tcp', 40_000), []);
  assert.deepEqual(socketInodes(PROC_NET_UDP, 'udp', 6981), ['5151']);
  assert.deepEqual(socketInodes('', 'udp', 6981), []);
});

test('macOS: the first process that lsof names', () => {
  assert.equal(lsofPid('p501\nf12\np502\nf3\n'), 501);
  assert.equal(lsofPid(''), undefined);
});

test('Windows: the listening socket in any language, and no other port with the same end', () => {
  assert.equal(netstatPid(NETSTAT, 'tcp', 8700), 4711);
  assert.equal(netstatPid(NETSTAT, 'udp', 6981), 815);
  assert.equal(netstatPid(NETSTAT, 'tcp', 700), undefined);
  assert.equal(netstatPid(NETSTAT, 'udp', 8700), undefined);
});
