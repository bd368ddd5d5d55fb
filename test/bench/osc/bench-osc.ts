import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createFakeContext, freePort } from '@understudy/shared/testing';
import { compose } from '../../../services/osc-bridge/src/app.ts';
import { createOpenFailures } from '../../../services/osc-bridge/src/open-failures.ts';
import { encodeMessage } from '../../../services/osc-bridge/src/osc/encode-message.ts';
import { createOscConnection } from '../../../services/osc-bridge/src/osc/osc-connection.ts';
import { float, message } from '../../../services/osc-bridge/src/osc/osc-message.ts';
import { type BenchRow, perSecond } from '../bench-row.ts';
import { type Lossless, measureLossless, type Offers, paced } from './measure-lossless.ts';
import { startUdpPeer, type UdpPeer } from './udp-peer.ts';

/** What 16 physics bones (three parameters each) send at 90 frames a second: as much as an avatar ever sends. */
const BUSIEST_AVATAR = 16 * 3 * 90;

/** What a physics bone sends: floats that never rest. */
const MESSAGES = Array.from({ length: 997 }, (_, index) =>
  message(`/avatar/parameters/Bone${index % 16}_Angle`, float(index / 997)),
);
const DATAGRAMS = MESSAGES.map(encodeMessage);

function oneOf<Value>(values: readonly Value[], index: number): Value {
  const value = values[index % values.length];
  if (value === undefined) throw new Error('nothing to send');
  return value;
}

async function openSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** The whole bridge: its socket, its flood limit, decoding, link, parameters, metrics. */
async function intoBridge(peer: UdpPeer, offers: Offers): Promise<Lossless> {
  const to = await freePort();
  const context = createFakeContext('osc-bridge', {
    yaml: `vrchat: { host: 127.0.0.1, send_port: ${peer.port}, receive_port: ${to} }`,
  });
  const parts = await compose(context);
  try {
    return await measureLossless(offers, {
      offer: (rate, count) => peer.send({ to, rate, count, datagrams: DATAGRAMS }),
      async arrived() {
        const line = /^understudy_osc_messages_total\{[^}]*direction="in"[^}]*\} (\d+)/m;
        return Number(line.exec(await context.metrics.text())?.[1]);
      },
    });
  } finally {
    await parts.stop();
  }
}

async function intoBareSocket(peer: UdpPeer, offers: Offers): Promise<Lossless> {
  const socket = await openSocket();
  const to = socket.address().port;
  let received = 0;
  socket.on('message', () => {
    received += 1;
  });
  try {
    return await measureLossless(offers, {
      offer: (rate, count) => peer.send({ to, rate, count, datagrams: DATAGRAMS }),
      arrived: () => received,
    });
  } finally {
    socket.close();
  }
}

async function outOfBridge(peer: UdpPeer, offers: Offers): Promise<Lossless> {
  const receivePort = await freePort();
  const context = createFakeContext('osc-bridge');
  const osc = createOscConnection({
    settings: () => ({ host: '127.0.0.1', sendPort: peer.port, listenHost: '127.0.0.1', receivePort }),
    now: () => performance.now(),
    failures: createOpenFailures((error) => context.reportError(error)),
    onDatagram: () => {},
  });
  const send = async (index: number): Promise<void> => {
    if (!(await osc.send(oneOf(MESSAGES, index))))
      throw new Error('the bridge could not send to a socket that is open');
  };
  try {
    await osc.open();
    return await measureLossless(offers, {
      offer: (rate, count) => paced(rate, count, send),
      arrived: peer.received,
    });
  } finally {
    await osc.close();
  }
}

async function outOfBareSocket(peer: UdpPeer, offers: Offers): Promise<Lossless> {
  const socket = await openSocket();
  const send = (index: number): Promise<unknown> =>
    new Promise((resolve) => socket.send(oneOf(DATAGRAMS, index), peer.port, '127.0.0.1', resolve));
  try {
    return await measureLossless(offers, {
      offer: (rate, count) => paced(rate, count, send),
      arrived: peer.received,
    });
  } finally {
    socket.close();
  }
}

const describe = ({ best, busy }: Lossless): string =>
  best ? `${perSecond(best.perSecond)} (thread ${Math.round(busy * 100)} % busy)` : 'every rate lost some';

interface OscBenchOptions {
  /** Messages per second, rising: the result is one of them. */
  readonly inRates: readonly number[];
  readonly outRates: readonly number[];
  readonly seconds: number;
}

/** (o) Of the rates that are offered, the fastest that loses nothing, over loopback to and from another thread. */
export async function benchOsc({ inRates, outRates, seconds }: OscBenchOptions): Promise<BenchRow[]> {
  const peer = await startUdpPeer();
  const [into, out]: [Offers, Offers] = [
    { rates: inRates, seconds },
    { rates: outRates, seconds },
  ];
  try {
    const intoOurs = await intoBridge(peer, into);
    const intoBare = await intoBareSocket(peer, into);
    const outOfOurs = await outOfBridge(peer, out);
    const outOfBare = await outOfBareSocket(peer, out);
    return [
      {
        id: 'o.in',
        what: `OSC messages without loss, UDP into the whole osc-bridge (up to ${perSecond(inRates.at(-1) ?? 0)} offered; its flood limit is 10,000/s)`,
        result: describe(intoOurs),
        baseline: `a bare socket that counts: ${describe(intoBare)}`,
        target: `>= ${perSecond(BUSIEST_AVATAR)}, the busiest avatar`,
        isMet: (intoOurs.best?.perSecond ?? 0) >= BUSIEST_AVATAR,
      },
      {
        id: 'o.out',
        what: `OSC messages without loss, the osc-bridge's sender to a UDP peer (up to ${perSecond(outRates.at(-1) ?? 0)} offered)`,
        result: describe(outOfOurs),
        baseline: `a bare socket, bytes made before: ${describe(outOfBare)}`,
        target: '-',
        isMet: undefined,
      },
    ];
  } finally {
    await peer.close();
  }
}
