import { ServiceError } from '@understudy/shared/errors';
import type { ProbeResult, ServiceContext } from '@understudy/shared/service';
import { createErrorOnset } from '../error-onset.ts';
import type { Heard } from './listen.ts';

export interface TranscriptWatch {
  /** A transcription worked; `text` may be empty. @param by the provider's name */
  onTranscript(heard: Pick<Heard, 'samples' | 'speechMs'>, text: string, by: string): void;
  /** Has text come since speech was found to give none, or does the speech that gave none give text now? */
  probe(): Promise<ProbeResult>;
}

interface TranscriptWatchParts {
  /** @returns the text, empty when none came */
  readonly transcribe: (samples: Float32Array) => Promise<string>;
  /** Leaves the provider that gave nothing out for a while and starts the detection anew. */
  readonly onNothing: (provider: string) => void;
}

/** Speech goes in and no text comes out: no call fails, and yet hearing is broken (the engine sticks, the language is wrong, the microphone is garbled). */
export function createTranscriptWatch(
  context: Pick<ServiceContext, 'config' | 'reportError'>,
  { transcribe, onNothing }: TranscriptWatchParts,
): TranscriptWatch {
  const failure = createErrorOnset(context);
  let untranscribedMs = 0;
  /** The last speech that gave no text, for the probe; in memory only, until text comes. */
  let unheard: Float32Array | undefined;

  const textCame = () => {
    untranscribedMs = 0;
    unheard = undefined;
    failure.end();
  };

  return {
    onTranscript({ samples, speechMs }, text, by) {
      if (text !== '') return textCame();
      untranscribedMs += speechMs;
      unheard = samples;
      if (untranscribedMs < context.config().audio.untranscribed_ms) return;
      failure.begin(() => nothingError(untranscribedMs, by));
      untranscribedMs = 0;
      onNothing(by);
    },
    async probe() {
      if (failure.standing() === undefined) return { ok: true, detail: 'what was said last became text' };
      if (unheard === undefined) return { ok: false, detail: 'nothing was said since that became text' };
      if ((await transcribe(unheard)) === '') {
        return { ok: false, detail: 'the last speech still gives no text' };
      }
      textCame();
      return { ok: true, detail: 'the last speech, asked again, became text' };
    },
  };
}

const nothingError = (ms: number, provider: string) =>
  new ServiceError(
    'SPEECH_NOT_TRANSCRIBED',
    `${Math.round(ms / 1000)} s of speech became no text, the last at provider ${provider}; check language and model in audio.transcription`,
    { capability: 'hear', context: { provider, speechMs: Math.round(ms) } },
  );
