import { readFileSync } from 'node:fs';
import { systemClock } from '@understudy/shared/service';
import { FRAME_MS } from '../../../services/audio-gateway/src/audio/frame-cutter.ts';
import { createEnergyDetector } from '../../../services/audio-gateway/src/detection/energy-detector.ts';
import { type DetectionProcess, forkDetection } from '../../../services/audio-gateway/src/detection/fork-detection.ts';
import { openDetection } from '../../../services/audio-gateway/src/detection/open-detection.ts';
import { syntheticSpeech } from '../../../services/audio-gateway/src/detection/synthetic-speech.ts';

/** USER_HZ: of every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor that a process has used, in steps of 10 ms; all its threads. */
function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // After the name, which may hold anything: field 3 is the first, utime and stime are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

const ownSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Seconds of processor for a second of speech. */
export interface DetectionCost {
  /** Runtime and model. */
  readonly inItsProcess: number;
  /** Sending, answers. */
  readonly inTheService: number;
  readonly byLoudness: number;
}

/** Linux only. Frame after frame, each answered before the next is sent, as live sound comes. */
export async function measureDetection(audioSeconds: number): Promise<DetectionCost> {
  const frames = syntheticSpeech(Math.ceil((audioSeconds * 1000) / FRAME_MS));
  const perSecond = (seconds: number): number => seconds / ((frames.length * FRAME_MS) / 1000);
  let child: DetectionProcess | undefined;
  const detection = await openDetection({
    clock: systemClock,
    fork(events) {
      child = forkDetection(events);
      return child;
    },
  });
  try {
    if (child?.pid === undefined) throw new Error('The process of speech detection has no pid');
    const before = { child: processorSeconds(child.pid), own: ownSeconds() };
    for (const [index, frame] of frames.entries()) await detection.judge(frame, index === 0);
    const inItsProcess = perSecond(processorSeconds(child.pid) - before.child);
    const inTheService = perSecond(ownSeconds() - before.own);
    return { inItsProcess, inTheService, byLoudness: perSecond(loudnessSeconds(frames)) };
  } finally {
    await detection.end();
  }
}

function loudnessSeconds(frames: readonly Float32Array[]): number {
  const energy = createEnergyDetector(() => ({ start_db: -38, start_probability: 0.5, end_probability: 0.35 }));
  const began = ownSeconds();
  for (const frame of frames) energy.judge(frame, () => {});
  return ownSeconds() - began;
}
