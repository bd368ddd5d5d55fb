import type { InputResponse, ModeChange, NoticeRecord, NotifyTest, Status } from '@understudy/shared/contracts';
import type { IncidentView } from '../client/answers.ts';

const full = (by: string) =>
  ({ observed: { level: 'full', by }, ceiling: { level: 'full', by: 'unrestricted' } }) as const;

/** The supervisor's answers, complete and of one moment: the headset is gone, seeing is switched off. */
export const STATUS: Status = {
  health: {
    overall_health: 'DEGRADED',
    checks: [
      { name: 'audio', status: 'DEGRADED', importance: 'important', detail: 'hear degraded by device:desk-mic' },
    ],
    timestamp: '2026-11-24T15:00:05.000Z',
  },
  mode: 'no_vision',
  limits: ['no_vision'],
  capabilities: {
    hear: { observed: { level: 'degraded', by: 'device:desk-mic' }, ceiling: { level: 'full', by: 'unrestricted' } },
    speak: full('device:headset-out'),
    think: full('provider:primary'),
    act: full('vrchat'),
    see: { observed: { level: 'full', by: 'child' }, ceiling: { level: 'off', by: 'feature_off' } },
  },
  services: [
    {
      name: 'supervisor',
      state: 'ready',
      address: 'http://127.0.0.1:8700',
      starts: 1,
      missedHeartbeats: 0,
    },
    {
      name: 'audio-gateway',
      state: 'ready',
      address: 'http://127.0.0.1:8701',
      starts: 2,
      missedHeartbeats: 0,
      memoryRssBytes: 104_857_600,
      eventLoopDelayP99Ms: 12.4,
    },
  ],
  incidents: { open: 2, needsOperator: 1 },
  words: { operator: 'The headset is gone; the desk microphone stands in.', streamer: 'The bot cannot see for now.' },
  bus: 'connected',
};

export const INCIDENT: IncidentView = {
  id: '1f0c9a52-0000-4000-8000-000000000001',
  code: 'AUDIO_DEVICE_LOST',
  category: 'AUDIO_DEVICE_ERROR',
  severity: 'ERROR',
  service: 'audio-gateway',
  subject: 'headset-mic',
  state: 'degraded',
  acknowledged: false,
  regressed: false,
  needsOperator: false,
  occurrences: 1,
  summary: 'The audio device stopped delivering.',
  remedy: 'Plug the device in again.',
  openedAt: '2026-11-24T15:00:00.000Z',
  currentSince: '2026-11-24T15:00:00.000Z',
  updatedAt: '2026-11-24T15:00:01.200Z',
  verifiedAt: '2026-11-24T15:00:01.200Z',
  degradedBy: 'device:desk-mic',
  attempts: [{}],
};

export const MODE: ModeChange = {
  mode: 'no_vision',
  limits: ['no_vision'],
  essential: false,
  capabilities: STATUS.capabilities,
  at: '2026-11-24T15:00:02.000Z',
};

export const REPLY: InputResponse = {
  message: 'Hey! Good to see you.',
  mode: 'scripted',
  source: 'pattern',
  fallback_used: true,
  cached_response_used: false,
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  turn_id: '00000000-0000-4000-8000-00000000000a',
  errors: [
    {
      handled: true,
      recovery_successful: false,
      fallback_activated: true,
      user_message: 'My thoughts are slow right now; bear with me.',
      error_code: 'LLM_TIMEOUT',
      error_id: '00000000-0000-4000-8000-00000000000b',
    },
  ],
};

export const NOTICE: NoticeRecord = {
  at: '2026-11-24T15:00:06.000Z',
  kind: 'firing',
  state: 'firing',
  name: 'AUDIO_DEVICE_LOST',
  severity: 'ERROR',
  incidentId: INCIDENT.id,
  text: 'AUDIO_DEVICE_LOST at audio-gateway: The audio device stopped delivering. What to do: Plug the device in again.',
  channels: ['console'],
  toldBy: 'alertmanager',
  key: 'audio-gateway/AUDIO_DEVICE_LOST/headset-mic/firing/ERROR',
  thread: INCIDENT.id,
};

export const NOTIFY_TEST: NotifyTest = {
  ok: true,
  words: 'discord (discord): 1 of 1 delivered.',
  deliveries: [{ kind: 'discord', names: ['discord'], delivered: 1, failedAttempts: 0, state: 'delivered' }],
};
