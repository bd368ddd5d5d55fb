import type { AudioDevicesState, CameraState, HeardSpeech, OpenAiState, VrchatState } from '@understudy/simulators';

export interface SimulatorsState {
  readonly vrchat: VrchatState;
  readonly openai: OpenAiState;
  readonly camera: CameraState;
  readonly audio: AudioDevicesState;
}

/** The world around the bot: what it saw and heard, and what can be done to it. */
export function createSimulatorsControl(url: string) {
  const call = async <T>(path: string, method = 'GET', body?: unknown): Promise<T> => {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${url}${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  return {
    url,
    state: () => call<SimulatorsState>('/state'),
    /** What each speaker made audible, by its id. */
    heard: () => call<Record<string, readonly HeardSpeech[]>>('/heard'),
    say: (text: string, device?: string) => call('/say', 'POST', { text, ...(device === undefined ? {} : { device }) }),
    /** Ends every fault of the world; those that a service suffers in its own process end by their time. */
    mend: () => call('/faults', 'DELETE'),
    vrchat: (change: { activity?: 'active' | 'idle'; avatarId?: string }) => call('/vrchat', 'POST', change),
  };
}
