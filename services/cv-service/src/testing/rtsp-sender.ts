import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** What is sent to an RTSP server: an ffmpeg encodes it, and its RTP packets are handed on as they are. */
export interface RtspSender {
  /** Its part of an SDP: `m=`, and what the codec says of itself. */
  readonly media: string;
  /** Sends nothing until `resume`, and stays. */
  freeze(): void;
  resume(): void;
  stop(): Promise<void>;
}

export type Sent = 'h264' | 'hevc' | 'still' | 'sound';

const picture = (codec: string, filter = ''): string[] => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=10${filter}`, '-c:v', codec, '-preset', 'ultrafast'],
  ...['-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '10'],
];
const CONTENT: Readonly<Record<Sent, readonly string[]>> = {
  h264: picture('libx264'),
  hevc: [...picture('libx265'), '-x265-params', 'log-level=error'],
  still: picture('libx264', ',loop=-1:1:0'),
  sound: ['-f', 'lavfi', '-i', 'sine=sample_rate=8000', '-c:a', 'pcm_mulaw'],
};

/** Sender reports and the like (RFC 5761, 4) come to the same port. */
const isRtcp = (packet: Buffer): boolean => (packet[1] ?? 0) >= 192 && (packet[1] ?? 0) <= 223;

/** ffmpeg prints the SDP as it begins. */
async function mediaOf(encoder: ChildProcess): Promise<string> {
  let said = '';
  for await (const text of encoder.stdout?.setEncoding('utf8') ?? []) {
    said += text;
    const media = /^m=[\s\S]*?(?=\r?\n\r?\n)/m.exec(said)?.[0];
    if (media !== undefined) return media.replace(/^m=(\w+) \d+/, 'm=$1 0').replace(/\r?\n/g, '\r\n');
  }
  throw new Error('The ffmpeg that sends has ended; run its arguments by hand, it needs libx264 and libx265.');
}

export async function startRtspSender(sent: Sent, onPacket: (packet: Buffer) => void): Promise<RtspSender> {
  const socket = createSocket('udp4');
  socket.on('message', (packet) => {
    if (!isRtcp(packet)) onPacket(packet);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  const to = ['-f', 'rtp', `rtp://127.0.0.1:${port}?rtcpport=${port}&pkt_size=1200`];
  const encoder = spawn('ffmpeg', ['-loglevel', 'error', '-nostdin', '-threads', '1', '-re', ...CONTENT[sent], ...to], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const gone = once(encoder, 'close');
  return {
    media: await mediaOf(encoder),
    freeze: () => encoder.kill('SIGSTOP'),
    resume: () => encoder.kill('SIGCONT'),
    async stop() {
      encoder.kill('SIGKILL');
      await gone;
      socket.close();
    },
  };
}
