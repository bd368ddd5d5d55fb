// Every fault, the simulator it belongs to and what then happens in the world. The table of README.md is held to this one by a test.

export type SimulatorName = 'vrchat' | 'openai' | 'camera' | 'audio';

interface FaultDescription {
  readonly simulator: SimulatorName;
  /** Which parts of the simulator can be hit, as words for the operator. */
  readonly targets: 'the whole simulator' | 'a provider' | 'a microphone or speaker' | 'a microphone';
  readonly effect: string;
}

const vrchat = (effect: string): FaultDescription => ({ simulator: 'vrchat', targets: 'the whole simulator', effect });
const provider = (effect: string): FaultDescription => ({ simulator: 'openai', targets: 'a provider', effect });
const camera = (effect: string): FaultDescription => ({ simulator: 'camera', targets: 'the whole simulator', effect });

export const FAULTS = {
  osc_connection_lost: vrchat(
    'sockets closed, as after a crash of VRChat; afterwards it is back with an /avatar/change',
  ),
  osc_disabled: vrchat('sockets open, everything ignored, nothing sent: OSC switched off in the menu'),
  osc_writes_ignored: vrchat(
    'goes on sending, applies nothing that it is sent: as after a calibration (vrchat-community/osc#180) or fast sends while an avatar loads',
  ),
  osc_sends_lost: vrchat(
    'applies what it is sent and answers OSCQuery, but nothing that it sends arrives: as behind a published port whose listener is gone (docker/desktop-feedback#579)',
  ),
  osc_garbage: vrchat('sends malformed datagrams, 20 a second'),
  osc_flood: vrchat('sends 1000 messages a second, 60 000 at most'),
  llm_timeout: provider('chat accepts the request and never answers'),
  llm_stall: provider('chat stops after its first chunks and keeps the connection open'),
  llm_rate_limited: provider('chat answers 429 rate_limit_exceeded with retry-after'),
  llm_quota_exhausted: provider('chat answers 429 insufficient_quota'),
  llm_bad_key: provider('everything answers 401 invalid_api_key'),
  llm_unknown_model: provider('chat answers 404 model_not_found'),
  llm_context_too_long: provider('chat answers 400 context_length_exceeded'),
  llm_overloaded: provider('chat and models answer 503 in plain text'),
  llm_out_of_memory: provider('chat answers 500 as Ollama does that has no memory for the model'),
  llm_refusal: provider('chat declines: a refusal in place of a text'),
  llm_content_filter: provider('chat ends with finish_reason content_filter and no text'),
  llm_cut_stream: provider("chat's socket dies in the middle of the answer"),
  llm_html: provider("chat and models answer 200 with a proxy's HTML page"),
  llm_empty: provider('chat answers with an empty text'),
  stt_timeout: provider('transcriptions accept the upload and never answer'),
  stt_out_of_memory: provider('transcriptions answer 500 as speaches does whose GPU has no memory left'),
  tts_timeout: provider('speech accepts the request and never answers'),
  tts_empty: provider('speech answers 200 with no bytes'),
  camera_frozen: camera('the same frame again and again'),
  camera_black: camera('black frames'),
  camera_gone: camera('connections and listening socket closed; afterwards back on the same port'),
  camera_garbage: camera('parts that say image/jpeg and are not'),
  audio_device_unavailable: {
    simulator: 'audio',
    targets: 'a microphone or speaker',
    effect:
      'the microphone sends nothing; the speaker hears nothing and answers no ping (its socket closes once no speaker shares it)',
  },
  audio_silence: {
    simulator: 'audio',
    targets: 'a microphone or speaker',
    effect: 'muted: the microphone sends zeros, the speaker takes packets and hears nothing',
  },
  audio_garbage: { simulator: 'audio', targets: 'a microphone', effect: 'sends malformed packets in place of audio' },
  audio_clock_drift: { simulator: 'audio', targets: 'a microphone', effect: 'its clock runs 2 % fast' },
} as const satisfies Record<string, FaultDescription>;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS).filter(isFaultName);

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

export const faultsOf = (simulator: SimulatorName): FaultName[] =>
  FAULT_NAMES.filter((fault) => FAULTS[fault].simulator === simulator);
