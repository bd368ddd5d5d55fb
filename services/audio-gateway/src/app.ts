import type { Compose } from '@understudy/shared/service';
import { createAnswerTimes, createTurnCollector } from '@understudy/shared/service';
import { createChosenDetector } from './detection/choose-detector.ts';
import { createEnergyDetector } from './detection/energy-detector.ts';
import { forkDetection } from './detection/fork-detection.ts';
import { createSileroDetector } from './detection/silero-detector.ts';
import { openAudioDevices } from './devices/audio-devices.ts';
import { createCapabilityParts } from './devices/capability-parts.ts';
import { createSelfCare } from './devices/self-care.ts';
import { createEchoWatch } from './echo/echo-watch.ts';
import { createOwnVoice } from './echo/own-voice.ts';
import { createBargeIn } from './hearing/barge-in.ts';
import { createHearing } from './hearing/hear-utterances.ts';
import { createListener } from './hearing/listen.ts';
import { createSelfTalkGuard } from './hearing/self-talk-guard.ts';
import { createTranscriptWatch } from './hearing/transcript-watch.ts';
import { createTurnAnswering } from './input/answer-turn.ts';
import { createAskLlmService } from './input/ask-llm-service.ts';
import { inputRoute } from './input/input-route.ts';
import { createVoiceProviders } from './providers/voice-providers.ts';
import { createCommands, createProbes } from './recovery-handlers.ts';
import { createSpeaker } from './speaking/speaker.ts';

const NOT_LOOKED_YET = { level: 'off', by: 'starting' } as const;
const NOT_TRIED_YET = { level: 'full', by: 'not_tried_yet' } as const;
const SAFE_MOMENT_LOOK_MS = 50;

export const compose: Compose<'audio-gateway'> = async (context) => {
  const { bus, clock, config } = context;
  const stopping = new AbortController();

  const hear = createCapabilityParts(
    'hear',
    { device: NOT_LOOKED_YET, transcription: NOT_TRIED_YET, detection: NOT_TRIED_YET },
    context.observe,
  );
  const speak = createCapabilityParts('speak', { device: NOT_LOOKED_YET, synthesis: NOT_TRIED_YET }, context.observe);
  const providers = createVoiceProviders(context, {
    onTranscriptionLevel: (level) => hear.set('transcription', level),
    onSpeechLevel: (level) => speak.set('synthesis', level),
  });

  const collector = createTurnCollector(context);
  const ownVoice = createOwnVoice(clock);
  const guard = createSelfTalkGuard(() => config().audio, ownVoice.likeness);
  const detectionSettings = () => config().audio.speech_detection;
  const silero = createSileroDetector(context, {
    fork: forkDetection,
    settings: detectionSettings,
    onLevel: (level) => hear.set('detection', level),
  });
  const detector = createChosenDetector(
    () => detectionSettings().engine,
    silero,
    createEnergyDetector(detectionSettings),
  );
  const watch = createTranscriptWatch(context, {
    transcribe: providers.transcribeAgain,
    onNothing: (provider) => {
      providers.leaveOutTranscription(provider);
      silero.rest().catch((error: unknown) => void context.reportError(error));
    },
  });
  const answering = createTurnAnswering(context, {
    collector,
    answerTimes: createAnswerTimes(context.metrics, clock),
    askLlmService: createAskLlmService(
      () => `http://${config().hosts['llm-service']}:${config().http.ports['llm-service']}`,
    ),
    speak: (reply) => speaker.onReply(reply),
    stopping: stopping.signal,
  });
  const hearing = createHearing(context, {
    transcribe: providers.transcribe,
    guard,
    watch,
    onHeard: (turn, endedAt) => {
      answering.answer(turn, [], endedAt).catch((error: unknown) => void context.reportError(error));
    },
  });
  /** The first sound comes in while the outputs are still being opened. */
  let canSpeak = false;
  const listener = createListener({
    clock,
    settings: detectionSettings,
    detector,
    isAllowed: () => context.ceiling('hear').level !== 'off',
    onUtterance: (heard) => void hearing.onUtterance(heard),
    onFrame: createBargeIn(context, {
      echo: createEchoWatch(ownVoice.playedAt),
      isBotSpeaking: () => canSpeak && speaker.isSpeaking(),
      stopBot() {
        guard.onBargeIn(clock.now());
        speaker.interrupt();
      },
    }),
    onDropped: context.metrics.bindCounter('understudy_audio_frames_dropped_total', { reason: 'ceiling' }),
  });
  const devices = await openAudioDevices(context, {
    ...listener,
    onInputLevel: (level) => hear.set('device', level),
    onOutputLevel: (level) => speak.set('device', level),
  });
  const speaker = createSpeaker(context, {
    output: devices.output,
    synthesize: providers.synthesize,
    blockedBy: providers.synthesisBlockedBy,
    onSpeaking: guard.onSpeaking,
    onPlaying: ownVoice.onPlaying,
    onDelivery: (delivery) => {
      collector.onDelivery(delivery);
      bus.publish('delivery', delivery);
    },
  });
  canSpeak = true;
  const silence = bus.subscribe('reply', (reply, { trace }) => speaker.onReply(reply, trace));

  const selfCare = createSelfCare(context, {
    directions: [
      {
        name: 'input',
        approved: () => devices.input.sources().map(({ id }) => id),
        selected: () => devices.input.selected()?.id,
        // One that was just selected is given its time.
        isWorking: () => ['delivering', 'waiting'].includes(devices.input.condition()),
      },
      {
        name: 'output',
        approved: () => devices.output.sinks().map(({ id }) => id),
        selected: () => devices.output.selected()?.id,
        isWorking: () => devices.output.standing() === undefined,
      },
    ],
    test: devices.test,
    switchTo: devices.switchTo,
  });
  const caring = (async () => {
    while (!stopping.signal.aborted) {
      await devices.awaitChange(config().recovery.device_fallback.watch_interval_ms, stopping.signal);
      if (!stopping.signal.aborted) await selfCare.look(stopping.signal);
    }
  })();

  const isBusy = () => answering.isBusy() || speaker.isBusy() || hearing.isBusy() || listener.isSpeaking();
  return {
    commands: createCommands(devices),
    probes: createProbes(devices, providers, { hearing: () => watch.probe(), detection: detector.probe }),
    routes: inputRoute(context, answering),
    notReady: () => (devices.isListening() ? undefined : 'the UDP port for incoming audio (audio.listen) is not open'),
    shed: async () => 'nothing: the audio-gateway keeps no caches and has no optional features',
    async safeMoment(signal) {
      while (isBusy() && !signal.aborted) await clock.sleep(SAFE_MOMENT_LOOK_MS);
    },
    async stop() {
      stopping.abort();
      silence();
      await Promise.all([caring, speaker.stop()]);
      await devices.close();
      await silero.stop();
      collector.close();
    },
  };
};
