import type { CommandHandlers, Probe, ProbeResult, ServiceParts } from '@understudy/shared/service';
import type { AudioDevices } from './devices/audio-devices.ts';
import { PULSE_SERVER_SUBJECT } from './devices/input-device.ts';
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
      const id = subject ?? selected();
      return id === undefined ? { ok: false, detail: 'no device is selected' } : devices.test(id, signal);
    };
  const ofInput = ofDevice(() => devices.input.selected()?.id);
  return {
    'input-frames': (subject, signal) =>
      subject === PULSE_SERVER_SUBJECT ? devices.proveServer() : ofInput(subject, signal),
    'input-quality': async (subject) => {
      const id = subject ?? devices.input.selected()?.id;
      return id === undefined ? { ok: false, detail: 'no device is selected' } : devices.input.proveQuality(id);
    },
    'output-echo': ofDevice(() => devices.output.selected()?.id),
    transcription: (subject) => providers.probeTranscription(subject),
    hearing: () => proofs.hearing(),
    'speech-detection': (_subject, signal) => proofs.detection(signal),
    speech: (subject, signal) => providers.probeSpeech(subject, signal),
  };
}
