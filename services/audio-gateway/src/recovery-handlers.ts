import type { CommandHandlers, Probe, ServiceParts } from '@understudy/shared/service';
import type { AudioDevices } from './devices/audio-devices.ts';
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
): ServiceParts<'audio-gateway'>['probes'] {
  const ofDevice =
    (selected: () => string | undefined): Probe =>
    async (subject, signal) => {
      const id = subject ?? selected();
      return id === undefined ? { ok: false, detail: 'no device is selected' } : devices.test(id, signal);
    };
  return {
    'input-frames': ofDevice(() => devices.input.selected()?.id),
    'output-echo': ofDevice(() => devices.output.selected()?.id),
    transcription: (subject) => providers.probeTranscription(subject),
    speech: (subject, signal) => providers.probeSpeech(subject, signal),
  };
}
