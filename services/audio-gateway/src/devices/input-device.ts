import type { LevelBy } from '@understudy/shared/contracts';
import { ServiceError } from '@understudy/shared/errors';
import type { FailureStreaks, ServiceContext } from '@understudy/shared/service';
import { createErrorOnset } from '../error-onset.ts';
import { type AudioSource, OPENING_MS, type SampleListener } from './audio-source.ts';
import { createInputQuality, type InputQuality } from './input-quality.ts';
import { type InputCondition, judgeInput } from './judge-input.ts';
import { createLossOnset } from './loss-onset.ts';

export interface InputDevice {
  /** Takes the newly opened sources; stays with the selected one where it is still approved, else goes to the first that may be opened. */
  replaceSources(sources: readonly AudioSource[]): void;
  select(id: string): void;
  selected(): AudioSource | undefined;
  sources(): readonly AudioSource[];
  condition(): InputCondition;
  /** Whether its sound is in order, as far as it was heard. */
  readonly proveQuality: InputQuality['prove'];
  /** Looks once; called about every 50 ms. */
  look(): void;
}

interface InputDeviceParts {
  readonly streaks: Pick<FailureStreaks, 'failed' | 'worked'>;
  readonly onSamples: SampleListener;
  /** The stream broke off: what was begun is over. */
  readonly onInterrupted: () => void;
  readonly onLevel: (level: LevelBy) => void;
}

type Surroundings = Pick<ServiceContext, 'clock' | 'config' | 'reportError' | 'logger' | 'metrics'>;

/** The microphone that is listened to, and whether it still delivers. */
export function createInputDevice(context: Surroundings, parts: InputDeviceParts): InputDevice {
  const { clock } = context;
  const silence = createErrorOnset(context);
  const loss = createLossOnset(context, 'input');
  const quality = createInputQuality(context);
  let sources: readonly AudioSource[] = [];
  let selected: AudioSource | undefined;
  let selectedAt = clock.now();
  let graceMs = OPENING_MS;
  let condition: InputCondition = 'waiting';
  let lastJudged: InputCondition = 'waiting';
  let qualityFault: ReturnType<InputQuality['look']>;
  let isServerAsked = false;

  const isPreferred = () => selected !== undefined && selected === sources[0];

  const tellDelivering = (id: string) => {
    if (qualityFault !== undefined) return parts.onLevel({ level: 'degraded', by: `${qualityFault}:${id}` });
    parts.onLevel({ level: isPreferred() ? 'full' : 'degraded', by: `device:${id}` });
  };

  const hear: SampleListener = (samples) => {
    quality.push(samples);
    parts.onSamples(samples);
  };

  const endFailures = () => {
    silence.end();
    loss.end();
  };

  const enter = (next: InputCondition, source: AudioSource) => {
    const { id } = source;
    condition = next;
    if (next !== 'lost') endFailures();
    switch (next) {
      case 'waiting':
        return parts.onLevel({ level: 'off', by: `waiting:${id}` });
      case 'delivering':
        parts.streaks.worked(id);
        return tellDelivering(id);
      case 'silent':
        parts.streaks.failed(id);
        silence.begin(() => silentError(id, context.config().audio.silence_timeout_ms));
        return parts.onLevel({ level: 'degraded', by: `silent:${id}` });
      case 'lost':
        silence.end();
        parts.streaks.failed(id);
        quality.begin(source);
        parts.onInterrupted();
        return parts.onLevel({ level: 'off', by: `no_frames:${id}` });
    }
  };

  const select = (next: AudioSource | undefined) => {
    selected?.stop();
    parts.onInterrupted();
    endFailures();
    selected = next;
    selectedAt = clock.now();
    graceMs = OPENING_MS;
    qualityFault = undefined;
    if (next !== undefined) quality.begin(next);
    next?.start(hear);
    if (next === undefined) return parts.onLevel({ level: 'off', by: 'no_device' });
    lastJudged = 'waiting';
    enter('waiting', next);
    look();
  };

  /** By its cause: before it is told, the server that has the device is asked whether it is its fault. */
  const tellLoss = (source: AudioSource) => {
    const tell = () => {
      loss.begin(source.health().outage, () => lostError(source, context.config().audio.frames_timeout_ms));
    };
    if (isServerAsked) return;
    if (loss.standing() !== undefined || source.askServer === undefined) return tell();
    isServerAsked = true;
    void source.askServer().finally(() => {
      isServerAsked = false;
      if (source === selected && condition === 'lost') tell();
    });
  };

  const look = () => {
    if (selected === undefined) return;
    const { frames_timeout_ms, silence_timeout_ms } = context.config().audio;
    const limits = {
      framesTimeoutMs: frames_timeout_ms,
      silenceTimeoutMs: silence_timeout_ms,
      graceMs: Math.max(graceMs, frames_timeout_ms),
    };
    const health = selected.health();
    const judged = judgeInput(health, selectedAt, clock.now(), limits);
    // A late timer runs before the packets that waited with it: a loss counts when the next look sees it too.
    const isConfirmed = judged !== 'lost' || lastJudged === 'lost';
    lastJudged = judged;
    if (condition === 'lost' && judged === 'lost') tellLoss(selected);
    const heardFault = quality.look();
    const faultChanged = heardFault !== qualityFault;
    qualityFault = heardFault;
    if (judged === condition && judged === 'delivering' && faultChanged) return tellDelivering(selected.id);
    if (judged === condition || !isConfirmed) return;
    if (judged === 'delivering') graceMs = 0;
    enter(judged, selected);
    if (judged === 'lost') tellLoss(selected);
  };

  return {
    replaceSources(next) {
      const id = selected?.id;
      sources = next;
      const open = next.filter(({ refusal }) => refusal === undefined);
      select(open.find((source) => source.id === id) ?? open[0]);
    },
    select: (id) => select(sources.find((source) => source.id === id)),
    selected: () => selected,
    sources: () => sources,
    condition: () => (selected === undefined ? 'lost' : condition),
    proveQuality: quality.prove,
    look,
  };
}

const lostError = (source: AudioSource, timeoutMs: number) => {
  const { id } = source;
  const { problem } = source.health();
  const what = problem ?? 'plug it in again or start its sender';
  return new ServiceError('AUDIO_DEVICE_LOST', `Input ${id} delivered nothing for ${timeoutMs} ms; ${what}`, {
    subject: id,
    capability: 'hear',
    context: { device: id, direction: 'input', timeoutMs },
  });
};

const silentError = (id: string, timeoutMs: number) =>
  new ServiceError(
    'AUDIO_DEVICE_SILENT',
    `Input ${id} delivered only zeros for ${timeoutMs} ms; unmute it at its switch and in the system mixer`,
    { subject: id, capability: 'hear', context: { device: id, direction: 'input', timeoutMs } },
  );
