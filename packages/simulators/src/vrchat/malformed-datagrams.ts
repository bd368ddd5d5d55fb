/** What `osc_garbage` sends, in turn: each breaks another rule of OSC, so that a receiver has to survive all of them. */
export const MALFORMED_DATAGRAMS: readonly Buffer[] = [
  Buffer.alloc(0),
  Buffer.from('not OSC at all'),
  Buffer.from('/avatar/parameters/Viseme'),
  Buffer.from('/a\0\0'),
  Buffer.from('/a\0\0,i\0\0'),
  Buffer.from('/a\0\0,Z\0\0'),
  Buffer.from('/a\0\0if\0\0\0\0\0\0'),
  Buffer.from('error\0\0\0,\0\0\0'),
  Buffer.from('#bundle\0\0\0\0\0\0\0\0\x01\x7f\xff\xff\xff', 'latin1'),
  Buffer.from('#bundle\0\0\0\0\0\0\0\0\x01\xff\xff\xff\xff', 'latin1'),
  Buffer.from('/a\0\0,b\0\0\x7f\xff\xff\xff', 'latin1'),
  Buffer.from(Array.from({ length: 256 }, (_, byte) => 255 - byte)),
];
