import type { CommandHandlers, Probe, ProbeResult, ServiceParts } from '@understudy/shared/service';
import type { AudioDevices } from './devices/audio-devices.ts';
import { SERVER_SUBJECT } from './devices/loss-onset.ts';
import type { VoiceProviders } from './providers/voice-providers.ts';

/** What the supervisor can ask of this service, by verb. */
export const createCommands = (devices: AudioDevices): CommandHandlers<'audio-gateway'> => ({
  'list-devices': async (_args, signal) => {
    const found = await devices.list(signal);
    const detail = found.map(({ id, state }) => `${id} ${state}`).join(', ');
    return { ok: true, detail: detail || 'no device is approved', data: { devices: found } };
  },
  'test-device': ({ device }, signal) => devices.test(device, signal),
  'switch-device': ({ device }, signal) => devices.switchTo(device, signal),
});

const UDP_SUBJECT = 'udp:';
const SERVER_SUBJECTS: readonly unknown[] = Object.values(SERVER_SUBJECT);

/** The port that was taken is free, or another is listened to now. */
function provePort(devices: AudioDevices, subject: string): ProbeResult {
  if (!devices.isListening()) return { ok: false, detail: 'the port for incoming audio (audio.listen) is not open' };
  const present = `${UDP_SUBJECT}${devices.port()}`;
  return present === subject
    ? { ok: true, detail: `${subject} is open` }
    : { ok: false, gone: true, detail: `${subject} is not in audio.listen any more; ${present} is open` };
}

/** What it can be asked to prove; without a subject the selected device, or the first provider that works. */
export function createProbes(
  devices: AudioDevices,
  providers: VoiceProviders,
  proofs: {
    readonly hearing: () => Promise<ProbeResult>;
    readonly detection: (signal: AbortSignal) => Promise<ProbeResult>;
  },
): ServiceParts<'audio-gateway'>['probes'] {
  const ofDevice =
    (selected: () => string | undefined): Probe =>
    async (subject, signal) => {
      // AUDIO_NO_DEVICE is about all of a direction.
      const id = subject === 'input' || subject === 'output' ? selected() : (subject ?? selected());
      return id === undefined ? { ok: false, detail: 'no device is selected' } : devices.test(id, signal);
    };
  const ofInput = ofDevice(() => devices.input.selected()?.id);
  const isInput = (id: string) => devices.input.sources().some((source) => source.id === id);
  return {
    'input-frames': async (subject, signal) => {
      if (SERVER_SUBJECTS.includes(subject)) return devices.proveServer();
      return subject?.startsWith(UDP_SUBJECT) ? provePort(devices, subject) : ofInput(subject, signal);
    },
    'input-quality': async (subject, signal) => {
      const id = subject ?? devices.input.selected()?.id;
      if (id === undefined) return { ok: false, detail: 'no device is selected' };
      return isInput(id) ? devices.input.proveQuality(id) : devices.test(id, signal);
    },
    'output-echo': ofDevice(() => devices.output.selected()?.id),
    transcription: (subject) => providers.probeTranscription(subject),
    hearing: () => proofs.hearing(),
    'speech-detection': (_subject, signal) => proofs.detection(signal),
    speech: (subject, signal) => providers.probeSpeech(subject, signal),
  };
}
