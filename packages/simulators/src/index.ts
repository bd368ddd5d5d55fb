export {
  type AudioDevices,
  type AudioDevicesOptions,
  type AudioDevicesState,
  startAudioDevices,
  UnknownDeviceError,
} from './audio/audio-devices.ts';
export type { MicrophoneConfig } from './audio/microphone.ts';
export type { HeardSpeech, SpeakerConfig } from './audio/speaker.ts';
export { decodeWav, encodeWav, type WavAudio, WavFormatError } from './audio/wav.ts';
export { type Camera, type CameraOptions, type CameraState, startCamera } from './camera/camera.ts';
export { type ActiveFault, UnknownFaultError } from './faults/fault-board.ts';
export { FAULT_NAMES, FAULTS, type FaultName, isFaultName } from './faults/fault-table.ts';
export { type OpenAi, type OpenAiOptions, type OpenAiState, startOpenAi } from './openai/openai.ts';
export type { Violation } from './record/violations.ts';
export type { Simulators } from './running-simulators.ts';
export type { Simulator } from './simulator.ts';
export {
  DEMO_CONFIG,
  readSimulatorsConfig,
  type SimulatorsConfig,
  SimulatorsConfigError,
} from './simulators-config.ts';
export { PortUnavailableError } from './sockets/port-unavailable-error.ts';
export { demodulate, demodulateAll, modulate, type Utterance } from './speech-signal/speech-signal.ts';
export { type RunningSimulators, startSimulators } from './start-simulators.ts';
export { type Avatar, DEMO_AVATARS } from './vrchat/avatar.ts';
export type { Activity } from './vrchat/player-motion.ts';
export { startVrchat, UnknownAvatarError, type Vrchat, type VrchatOptions, type VrchatState } from './vrchat/vrchat.ts';
