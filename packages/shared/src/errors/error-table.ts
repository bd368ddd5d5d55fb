import type { Capability, CategoryName, Cause, ProbeName, Severity, StrategyName } from '../contracts/index.ts';
import { ERROR_CATEGORIES } from '../contracts/index.ts';
import { type ErrorRow, rows } from './error-row.ts';

/** The one table: every code, what it means, how it is paced, who proves its recovery and what the operator does. */
export const ERROR_TABLE = {
  ...rows(
    {
      category: 'AUDIO_DEVICE_ERROR',
      capability: 'hear',
      probe: 'input-frames',
      userMessage: 'I cannot hear right now. Write to me in the chat.',
    },
    {
      AUDIO_DEVICE_LOST: {
        cause: 'intermittent',
        summary: 'The audio device stopped delivering.',
        remedy: 'Plug the device in again or start its sender; Understudy returns to it by itself.',
      },
      AUDIO_DEVICE_SILENT: {
        cause: 'intermittent',
        summary: 'The audio device delivers only zeros.',
        remedy: 'Unmute the device at its switch and in the system mixer.',
      },
      AUDIO_OUTPUT_LOST: {
        cause: 'intermittent',
        capability: 'speak',
        probe: 'output-echo',
        summary: 'The audio output does not answer.',
        remedy: 'Switch the speaker or its receiver on; Understudy returns to it by itself.',
        userMessage: 'My voice is gone for a moment. I will write instead.',
      },
      AUDIO_SERVER_LOST: {
        cause: 'intermittent',
        summary: 'The sound server (PulseAudio or PipeWire) cannot be reached.',
        remedy:
          'Start it, or correct audio.pulse.server or PULSE_SERVER; in a container its socket and cookie must be mounted (the message says what is missing).',
        // It is told for hearing and for speaking.
        userMessage: 'My sound is gone for a moment. Write to me in the chat, and I will write back.',
      },
      AUDIO_CLIPPING: {
        cause: 'needs_operator',
        severity: 'WARNING',
        strategy: 'reconnect_retry',
        probe: 'input-quality',
        summary: 'The microphone is so loud that its sound is cut off.',
        remedy: 'Lower its gain in the system mixer.',
      },
      AUDIO_CLOCK_DRIFT: {
        cause: 'needs_operator',
        severity: 'WARNING',
        strategy: 'reconnect_retry',
        probe: 'input-quality',
        summary: 'The microphone delivers more or less sound than time passes.',
        remedy: 'Set the same sample rate at the sender as the device has; see the load of that machine.',
      },
      AUDIO_NO_DEVICE: {
        cause: 'permanent',
        summary: 'No approved audio device works.',
        remedy:
          'Connect one of the devices in audio.inputs or audio.outputs of config/understudy.yaml, or approve another there.',
      },
      AUDIO_PORT_IN_USE: {
        cause: 'needs_operator',
        severity: 'CRITICAL',
        summary:
          'The UDP port for incoming audio cannot be opened: another program holds it, or the system refuses it.',
        remedy:
          'End the program that is named in the message, or set audio.listen.port in config/understudy.yaml to a free port.',
      },
    },
  ),
  ...rows(
    {
      category: 'SPEECH_IN_ERROR',
      capability: 'hear',
      probe: 'transcription',
      userMessage: 'I did not catch that. Could you write it?',
    },
    {
      TRANSCRIPTION_TIMEOUT: {
        cause: 'transient',
        summary: 'The transcription did not answer in time.',
        remedy: 'Nothing, if it passes. Else see the load of the transcription server.',
      },
      SPEECH_NOT_TRANSCRIBED: {
        cause: 'intermittent',
        probe: 'hearing',
        summary: 'Speech is heard, and no text comes of it.',
        remedy:
          'Speak to it; if nothing comes, check the language and the model in audio.transcription of config/understudy.yaml.',
      },
      SPEECH_DETECTION_FAILED: {
        cause: 'intermittent',
        probe: 'speech-detection',
        summary: 'The model that tells speech from noise does not work; loudness stands in.',
        remedy:
          'Nothing, if it recovers. If it recurs, set audio.speech_detection.engine to energy and report the reason in the incident.',
      },
      TRANSCRIPTION_OUT_OF_MEMORY: {
        cause: 'needs_operator',
        severity: 'ERROR',
        summary: 'The transcription server has no memory for its model.',
        remedy:
          'Let it run a smaller model, or on the processor in place of the GPU, or name another provider in audio.transcription. Understudy returns to it by itself when it works.',
      },
      TRANSCRIPTION_FAILED: {
        cause: 'transient',
        summary: 'The transcription answered with an error.',
        remedy: 'Read the reason in the incident; check audio.transcription in config/understudy.yaml.',
      },
    },
  ),
  ...rows(
    {
      category: 'SPEECH_OUT_ERROR',
      capability: 'speak',
      probe: 'speech',
      userMessage: 'My voice is gone for a moment. I will write instead.',
    },
    {
      SPEECH_TIMEOUT: {
        cause: 'transient',
        summary: 'The speech synthesis did not send its first byte in time.',
        remedy: 'Nothing, if it passes. Else see the load of the speech server.',
      },
      SPEECH_OUT_OF_MEMORY: {
        cause: 'needs_operator',
        severity: 'ERROR',
        summary: 'The speech server has no memory for its model.',
        remedy:
          'Let it run a smaller model, or on the processor in place of the GPU, or name another provider in audio.speech. Understudy returns to it by itself when it works.',
      },
      SPEECH_FAILED: {
        cause: 'transient',
        summary: 'The speech synthesis answered with an error.',
        remedy: 'Read the reason in the incident; check audio.speech in config/understudy.yaml.',
      },
      PLAYBACK_INCOMPLETE: {
        cause: 'transient',
        strategy: 'reconnect_retry',
        probe: 'output-echo',
        summary: 'The output played more or less sound than was synthesized.',
        remedy: 'Nothing, if it passes. Else see the load of the machine and the sample rate of the output.',
      },
      SPEECH_EMPTY: {
        cause: 'transient',
        summary: 'The speech synthesis sent no audio.',
        remedy: 'Try another voice in audio.speech of config/understudy.yaml.',
      },
    },
  ),
  ...rows(
    {
      category: 'OSC_CONNECTION_ERROR',
      capability: 'act',
      probe: 'osc-echo',
      userMessage: 'My avatar does not move right now, but I am here.',
    },
    {
      OSC_CONNECTION_LOST: {
        cause: 'intermittent',
        summary: 'VRChat gives no sign that it receives OSC.',
        remedy:
          'Start VRChat; if it runs, switch OSC on (Action Menu > Options > OSC > Enabled). Understudy keeps looking for it.',
      },
      OSC_NOT_HEARD: {
        cause: 'needs_operator',
        severity: 'WARNING',
        summary: 'VRChat does what it is sent, but nothing that it sends arrives.',
        remedy:
          'Where the osc-bridge runs in Docker Desktop, restart its container: docker compose restart osc-bridge. Otherwise let UDP port vrchat.receive_port through the firewall, or start VRChat with --osc= to match.',
        userMessage: 'My avatar may be out of step for the moment, but I am here.',
      },
      OSC_PORT_IN_USE: {
        cause: 'needs_operator',
        severity: 'CRITICAL',
        summary:
          'The OSC port that VRChat sends to cannot be opened: another program holds it, or the system refuses it.',
        remedy:
          'End the program that is named in the message, or set vrchat.receive_port and start VRChat with --osc= to match.',
      },
      OSC_SEND_FAILED: {
        cause: 'transient',
        summary: 'The OSC socket refused to send.',
        remedy: 'Check that vrchat.host in config/understudy.yaml can be resolved.',
      },
      OSC_PARAMETERS_STALE: {
        cause: 'intermittent',
        summary: 'VRChat no longer applies avatar parameters.',
        remedy: 'Rejoin the world in VRChat; if that does not help, reset the OSC configuration in the Action Menu.',
      },
    },
  ),
  ...rows(
    {
      category: 'LLM_API_ERROR',
      capability: 'think',
      probe: 'provider-answers',
      userMessage: 'My thoughts are slow right now; bear with me.',
    },
    {
      LLM_TIMEOUT: {
        cause: 'transient',
        summary: 'The model did not answer within its deadline.',
        remedy: 'Nothing, if it passes. Else see the load of the model server or choose a faster model.',
      },
      LLM_STALLED: {
        cause: 'transient',
        summary: 'The model stopped in the middle of its answer.',
        remedy: 'Nothing, if it passes. Else see the model server.',
      },
      LLM_RATE_LIMITED: {
        cause: 'intermittent',
        summary: 'The model provider limits the rate of requests.',
        remedy:
          'Nothing; Understudy waits as long as the provider asks. If it recurs, raise the limit at the provider.',
      },
      LLM_OVERLOADED: {
        cause: 'transient',
        summary: 'The model provider is overloaded.',
        remedy: 'Nothing, if it passes. Else add a second provider to llm.providers.',
      },
      LLM_UNREACHABLE: {
        cause: 'transient',
        summary: 'The model provider cannot be reached.',
        remedy:
          'Start the model server, if it is yours; else check its address in llm.providers and the network (the message says where it failed).',
      },
      LLM_BAD_RESPONSE: {
        cause: 'intermittent',
        summary: 'The model provider sent something that is not a model answer.',
        remedy: 'Check that base_url of the provider ends in /v1 and that no proxy answers in its place.',
      },
      LLM_EMPTY_RESPONSE: {
        cause: 'transient',
        summary: 'The model sent an empty answer.',
        remedy: 'Nothing, if it passes. Else choose another model.',
      },
      LLM_ANSWER_CUT: {
        cause: 'none',
        severity: 'INFO',
        summary: "The model's answer was cut at its longest length.",
        remedy:
          'Nothing; whole sentences were said. If it recurs, raise llm.providers[].max_tokens, or the context of a server of your own, which may be full before.',
      },
      LLM_SERVER_ERROR: {
        cause: 'transient',
        summary: 'The model provider answered with a server error.',
        remedy: 'Nothing, if it passes. Else see the status page of the provider.',
      },
      LLM_OUT_OF_MEMORY: {
        cause: 'needs_operator',
        severity: 'ERROR',
        summary: 'The model server has no memory for the model.',
        remedy:
          'Let it run a smaller model, or fewer layers on the GPU (llama.cpp: -ngl, Ollama: num_gpu), or name another provider in llm.providers. Understudy returns to it by itself when it answers.',
      },
      LLM_CONTEXT_TOO_LONG: {
        cause: 'permanent',
        severity: 'INFO',
        summary: 'The conversation is longer than the model takes.',
        remedy:
          'Nothing; the memory was cut and asked again. If it recurs, lower llm.memory_turns or let the server take more (llama.cpp: -c, Ollama: OLLAMA_CONTEXT_LENGTH).',
      },
    },
  ),
  ...rows(
    {
      category: 'LLM_API_ERROR',
      probe: 'prompt-whole',
      userMessage: 'I may forget what we said earlier.',
    },
    {
      LLM_PROMPT_CUT: {
        cause: 'needs_operator',
        severity: 'WARNING',
        // It answers, and no ladder is moved: it is watched until a conversation is taken whole.
        strategy: 'reconnect_retry',
        summary: 'The model server cut a prompt without saying so; the bot remembers less than llm.memory_turns.',
        remedy:
          'Let the server take more (Ollama: OLLAMA_CONTEXT_LENGTH, or num_ctx in the Modelfile), or lower llm.memory_turns; then `understudy reload`.',
      },
    },
  ),
  ...rows(
    {
      category: 'PROVIDER_ACCOUNT_ERROR',
      cause: 'needs_operator',
      capability: 'think',
      probe: 'provider-answers',
      userMessage: 'My thoughts are slow right now; bear with me.',
    },
    {
      LLM_QUOTA_EXHAUSTED: {
        cause: 'needs_operator',
        summary: "The model account's quota is used up.",
        remedy:
          'Add credit at the provider (billing page); Understudy uses the next provider meanwhile and returns by itself.',
      },
      LLM_BAD_KEY: {
        cause: 'needs_operator',
        summary: 'The model provider refuses the API key.',
        remedy:
          'Put a valid key into the file or variable named by llm.providers[].api_key_file or api_key_env, then `understudy reload`.',
      },
      LLM_UNKNOWN_MODEL: {
        cause: 'needs_operator',
        summary: 'The model provider does not know the model.',
        remedy: 'Correct llm.providers[].model in config/understudy.yaml, then `understudy reload`.',
      },
      LLM_BUDGET_SPENT: {
        cause: 'needs_operator',
        severity: 'ERROR',
        probe: 'budget',
        summary: "This hour's budget for thinking is spent; the providers that it counts are not asked.",
        remedy: 'Nothing: it is renewed as the hour passes. Else raise llm.budget in config/understudy.yaml.',
      },
      SPEECH_ACCOUNT: {
        cause: 'needs_operator',
        capability: 'speak',
        probe: 'speech',
        summary: 'The speech provider refuses the account: key or quota.',
        remedy: 'Check key and credit of the provider in audio.speech of config/understudy.yaml.',
        userMessage: 'My voice is gone for a moment. I will write instead.',
      },
      TRANSCRIPTION_ACCOUNT: {
        cause: 'needs_operator',
        capability: 'hear',
        probe: 'transcription',
        summary: 'The transcription provider refuses the account: key or quota.',
        remedy: 'Check key and credit of the provider in audio.transcription of config/understudy.yaml.',
        userMessage: 'I did not catch that. Could you write it?',
      },
    },
  ),
  ...rows(
    {
      category: 'PROVIDER_ACCOUNT_ERROR',
      probe: 'budget',
      userMessage: 'I am thinking; bear with me.',
    },
    {
      LLM_BUDGET_FORECAST: {
        cause: 'needs_operator',
        severity: 'WARNING',
        // Nothing is lost yet: no ladder is moved, it is watched until the pace is slower or the limit higher.
        strategy: 'reconnect_retry',
        summary: "At the present pace this hour's budget for thinking will be spent.",
        remedy: 'Nothing, if that is meant. Else raise llm.budget in config/understudy.yaml.',
      },
    },
  ),
  ...rows(
    {
      category: 'REFUSAL',
      probe: 'provider-answers',
      userMessage: 'I would rather talk about something else.',
    },
    {
      LLM_CONTENT_FILTERED: {
        cause: 'none',
        summary: "The provider's content filter stopped the answer.",
        remedy: 'Nothing; the bot answered in character.',
      },
      REPLY_BLOCKED: {
        cause: 'none',
        summary: 'A reply broke the rules of llm.moderation and was not said.',
        remedy: 'Nothing; the bot answered in character.',
      },
      REPLIES_BLOCKED_OFTEN: {
        cause: 'needs_operator',
        severity: 'CRITICAL',
        capability: 'think',
        probe: 'moderation',
        summary: 'A provider broke the rules of llm.moderation again and again and is shut out.',
        remedy: 'Look at its model and at persona.prompt, then `understudy reload`.',
      },
      MODERATION_UNAVAILABLE: {
        cause: 'transient',
        severity: 'WARNING',
        strategy: 'reconnect_retry',
        probe: 'moderation',
        summary: 'The moderation service does not answer; the words of llm.moderation alone are looked for.',
        remedy: 'Check llm.moderation.endpoint in config/understudy.yaml.',
      },
      LLM_REFUSAL: {
        cause: 'none',
        summary: 'The model declined to answer.',
        remedy: 'Nothing; the bot answered in character.',
      },
    },
  ),
  ...rows(
    {
      category: 'COMPUTER_VISION_ERROR',
      capability: 'see',
      probe: 'child-answers',
      userMessage: 'I cannot see much right now.',
    },
    {
      CV_CHILD_CRASHED: {
        cause: 'intermittent',
        summary: 'The vision process ended unexpectedly.',
        remedy: 'Nothing, if it recovers. If it recurs, read the crash line in the incident.',
      },
      CV_CHILD_HUNG: {
        cause: 'intermittent',
        summary: 'The vision process stopped answering and was ended.',
        remedy: 'Nothing, if it recovers. If it recurs, lower vision.max_fps.',
      },
      CV_CHILD_OVER_MEMORY: {
        cause: 'intermittent',
        summary: 'The vision process used more memory than vision.child_memory_mb and was ended.',
        remedy:
          'Nothing, if it recovers. If it recurs, look for less in vision.detect or raise vision.child_memory_mb.',
      },
      CV_DETECTION_FAILED: {
        cause: 'intermittent',
        strategy: 'reconnect_retry',
        probe: 'detection',
        summary: 'The models that find people and hands do not work; light, movement and scenes are still seen.',
        remedy: 'Nothing, if it recovers. If it recurs, read the reason in the incident.',
      },
      CV_LAGGING: {
        cause: 'transient',
        strategy: 'reconnect_retry',
        probe: 'detection',
        summary: 'Looking takes so long that what is seen is old when it is told.',
        remedy: 'Nothing; fewer frames are looked at. If it recurs, look for less in vision.detect.',
      },
      CV_SOURCE_REFUSED: {
        cause: 'needs_operator',
        severity: 'ERROR',
        strategy: 'reconnect_retry',
        probe: 'frames-fresh',
        summary: 'The picture source refuses: wrong password, or it has no such source.',
        remedy: 'Correct vision.source in config/understudy.yaml, then `understudy reload`.',
      },
      CV_PICTURE_BLACK: {
        cause: 'intermittent',
        strategy: 'reconnect_retry',
        probe: 'picture-visible',
        summary: 'The picture is black.',
        remedy: 'Look at the capture: in OBS the source may be hidden, or the game minimised.',
      },
      CV_SOURCE_LOST: {
        cause: 'intermittent',
        strategy: 'reconnect_retry',
        probe: 'frames-fresh',
        summary: 'The camera or capture gives no frames.',
        remedy: 'Start the program that serves vision.source, or plug the camera in; Understudy keeps looking for it.',
      },
      CV_SOURCE_FROZEN: {
        cause: 'intermittent',
        strategy: 'reconnect_retry',
        probe: 'frames-fresh',
        summary: 'The camera or capture shows the same frame again and again.',
        remedy:
          'Restart the capture (OBS: deactivate and activate the source), or raise vision.frozen_after_ms where the scene may stand still.',
      },
      CV_BAD_FRAME: {
        cause: 'transient',
        severity: 'INFO',
        summary: 'Frames arrived that are not images.',
        remedy: 'Check that vision.source serves JPEG.',
      },
    },
  ),
  ...rows(
    {
      category: 'CONFIGURATION_ERROR',
      probe: 'configuration',
      userMessage: 'I am being adjusted; one moment.',
    },
    {
      CONFIGURATION_INVALID: {
        cause: 'needs_operator',
        summary: 'The configuration on disk is wrong; the last good one is in use.',
        remedy: 'Correct the place that the message names, then `understudy reload`.',
      },
    },
  ),
  ...rows(
    {
      category: 'MEMORY_EXHAUSTION',
      probe: 'memory',
      userMessage: 'I need to concentrate on the essentials for a moment.',
    },
    {
      MEMORY_HIGH: {
        cause: 'intermittent',
        summary: 'A service uses more memory than its limit allows.',
        remedy: 'Close other programs, or raise resources.memory_limit_mb of the service in config/understudy.yaml.',
      },
      MEMORY_GROWING: {
        cause: 'intermittent',
        severity: 'WARNING',
        summary: "A service's memory grows steadily and will reach its limit.",
        remedy: 'Nothing; Understudy recycles the service at a safe moment. Report it with the incident if it recurs.',
      },
    },
  ),
  ...rows(
    {
      category: 'PERFORMANCE_ERROR',
      probe: 'event-loop',
      userMessage: 'I am a little slow right now.',
    },
    {
      EVENT_LOOP_LATE: {
        cause: 'transient',
        summary: "A service's event loop is late.",
        remedy: 'Lower the load: the game and Understudy share this processor.',
      },
      OPERATION_SLOW: {
        cause: 'transient',
        severity: 'INFO',
        summary: 'An operation took longer than its threshold.',
        remedy: 'Nothing, if it passes.',
      },
    },
  ),
  ...rows(
    {
      category: 'SERVICE_ERROR',
      probe: 'alive',
      userMessage: 'A part of me is restarting; one moment.',
    },
    {
      EVENT_LOOP_BLOCKED: {
        cause: 'intermittent',
        summary: "A service's event loop was blocked and its watchdog ended the process.",
        remedy: 'Nothing, if it recovers. The stack in the incident shows the place; report it.',
      },
      SERVICE_SILENT: {
        cause: 'intermittent',
        severity: 'CRITICAL',
        summary: 'A service sends no heartbeat.',
        remedy: 'Understudy waits for it to be started again. If it stays away, see its log file.',
      },
      SERVICE_CRASHED: {
        cause: 'intermittent',
        summary: 'A service ended unexpectedly and was started again.',
        remedy: 'Nothing, if it stays up. If it recurs, read the reason in the incident.',
      },
      SERVICE_CRASH_LOOP: {
        cause: 'permanent',
        severity: 'CRITICAL',
        summary: 'A service ended too often and is parked: it idles so that it cannot harm the rest.',
        remedy: 'Correct the reason in the incident, then `understudy resume SERVICE`.',
      },
      SERVICE_UNREACHABLE: {
        cause: 'transient',
        severity: 'WARNING',
        summary: 'A service did not answer another one in time.',
        remedy: 'Nothing, if it passes. Else see the state of the service with `understudy status`.',
      },
      UNEXPECTED_ERROR: {
        cause: 'intermittent',
        summary: 'A service met an error that the error table does not know.',
        remedy: 'Read the message and the stack in the incident; report it.',
      },
    },
  ),
  ...rows(
    {
      category: 'BUS_ERROR',
      probe: 'bus',
      userMessage: 'My parts cannot talk to each other for a moment.',
    },
    {
      BUS_UNAVAILABLE: {
        cause: 'transient',
        summary: 'NATS is away. Errors and steps are kept on disk until it is back.',
        remedy: 'Nothing, if it comes back: the starter restarts it. Else see logs/nats-server.log.',
      },
    },
  ),
  ...rows(
    {
      category: 'CACHE_ERROR',
      probe: 'cache',
      userMessage: 'I forget a little right now.',
    },
    {
      CACHE_UNAVAILABLE: {
        cause: 'transient',
        summary: 'Redis is away; an in-process cache stands in.',
        remedy: 'Nothing, if it comes back: the starter restarts it. Else see logs/redis-server.log.',
      },
    },
  ),
  ...rows(
    {
      category: 'STUCK_OUTPUT',
      capability: 'act',
      probe: 'osc-echo',
      userMessage: 'My avatar may look stuck for a moment.',
    },
    {
      OSC_INPUT_HELD: {
        cause: 'transient',
        summary: 'A movement input was held longer than its lease and was released.',
        remedy: 'Nothing; it was released.',
        severity: 'INFO',
      },
    },
  ),
  ...rows(
    {
      category: 'STALE_PIPELINE',
      probe: 'alive',
      userMessage: 'I lost the thread; say it again?',
    },
    {
      TURN_UNANSWERED: {
        cause: 'transient',
        capability: 'think',
        summary: 'A turn got no answer within its budget.',
        remedy: 'Nothing, if it passes. Else see the open incidents of the llm-service.',
      },
      TURN_DROPPED: {
        cause: 'transient',
        severity: 'INFO',
        summary: 'A turn was too old to be answered and was dropped.',
        remedy: 'Nothing, if it passes.',
      },
    },
  ),
  ...rows(
    {
      category: 'FEEDBACK_LOOP',
      capability: 'hear',
      probe: 'input-frames',
      userMessage: 'I heard myself. One moment.',
    },
    {
      SELF_TALK: {
        cause: 'intermittent',
        severity: 'WARNING',
        summary: 'The bot heard its own speech; what it heard was dropped.',
        remedy: 'Use a microphone that does not pick up the output, or lower the volume of the speakers.',
      },
    },
  ),
  ...rows(
    {
      category: 'DISK_ERROR',
      probe: 'disk',
      userMessage: 'I may forget what happens now.',
    },
    {
      LOG_DISK_FULL: {
        cause: 'needs_operator',
        severity: 'CRITICAL',
        summary: 'The log file cannot be written.',
        remedy: 'Free space on the disk of the log folder.',
      },
      OUTBOX_FULL: {
        cause: 'permanent',
        summary: 'More errors waited for NATS than the outbox holds; the oldest were dropped.',
        remedy: 'Bring NATS back; the count of the dropped ones is in understudy_outbox_dropped_total.',
      },
    },
  ),
  ...rows(
    {
      category: 'CLOCK_ERROR',
      probe: 'alive',
      userMessage: 'I lost track of the time for a moment.',
    },
    {
      CLOCK_JUMPED: {
        cause: 'transient',
        severity: 'INFO',
        summary: 'The clock jumped: the machine slept or was set.',
        remedy: 'Nothing; times before and after the jump cannot be compared.',
      },
    },
  ),
  ...rows(
    {
      category: 'STREAM_PEER_ERROR',
      probe: 'alive',
      userMessage: 'The stream may miss a moment.',
    },
    {
      STREAM_PEER_LOST: {
        cause: 'transient',
        summary: 'A program of the stream (OBS, chat) is away.',
        remedy: 'Start it; Understudy reconnects by itself.',
      },
    },
  ),
  ...rows(
    {
      category: 'SUPERVISOR_ERROR',
      probe: 'bus',
      userMessage: 'Nobody watches over me for a moment, but I go on.',
    },
    {
      SUPERVISOR_SILENT: {
        cause: 'transient',
        summary: 'The supervisor was silent; the services went on by themselves.',
        remedy: 'Nothing, if it is back. Else see logs/supervisor.log.',
      },
      EVENT_REJECTED: {
        cause: 'none',
        severity: 'INFO',
        summary: 'An error event did not match its schema and was kept for inspection.',
        remedy: 'See the folder `rejected` of the supervisor; report it.',
      },
    },
  ),
} satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERROR_TABLE;
export const ERROR_CODES = Object.keys(ERROR_TABLE) as readonly ErrorCode[];

/** A row with everything filled in from its category. */
export interface ErrorDefinition {
  readonly code: ErrorCode;
  readonly category: CategoryName;
  readonly cause: Cause;
  readonly severity: Severity;
  readonly strategy: StrategyName;
  readonly autoRecoverable: boolean;
  readonly capability: Capability | undefined;
  readonly probe: ProbeName;
  readonly summary: string;
  readonly remedy: string;
  readonly userMessage: string;
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_TABLE, code);

const define = (code: ErrorCode): ErrorDefinition => {
  const row: ErrorRow = ERROR_TABLE[code];
  const category = ERROR_CATEGORIES[row.category];
  return {
    code,
    category: row.category,
    cause: row.cause,
    severity: row.severity ?? category.severity,
    strategy: row.strategy ?? category.strategy,
    autoRecoverable: category.autoRecoverable && row.cause !== 'needs_operator' && row.cause !== 'none',
    capability: row.capability,
    probe: row.probe,
    summary: row.summary,
    remedy: row.remedy,
    userMessage: row.userMessage,
  };
};

const DEFINITIONS = new Map(ERROR_CODES.map((code) => [code as string, define(code)]));
const UNEXPECTED = define('UNEXPECTED_ERROR');

/** A code that the table does not know (a newer service, a typing error) is treated as `UNEXPECTED_ERROR`, never dropped. */
export const defineError = (code: string): ErrorDefinition => DEFINITIONS.get(code) ?? UNEXPECTED;
export { isErrorCode };
