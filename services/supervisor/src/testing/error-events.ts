import { ERROR_CATEGORIES, type ErrorEvent, type ServiceName } from '@understudy/shared/contracts';
import { defineError } from '@understudy/shared/errors';

/** 2026-11-24 12:00 UTC, where every test begins. */
export const T0 = Date.UTC(2026, 10, 24, 12);
export const isoAt = (ms: number): string => new Date(ms).toISOString();

const OWNERS: [RegExp, ServiceName][] = [
  [/^(AUDIO|TRANSCRIPTION|SPEECH|SELF)_/, 'audio-gateway'],
  [/^OSC_/, 'osc-bridge'],
  [/^CV_/, 'cv-service'],
  [/^(BUS|EVENT_REJECTED)/, 'supervisor'],
];
/** Who reports a code, where a test does not care. */
export const ownerOf = (code: string): ServiceName => OWNERS.find(([codes]) => codes.test(code))?.[1] ?? 'llm-service';

let made = 0;

/** An error as its service would send it; everything that is not given is the same each time, but for the id. */
export function makeEvent(code: string, own: Partial<ErrorEvent> = {}): ErrorEvent {
  made += 1;
  return {
    id: `error-${String(made).padStart(6, '0')}`,
    service: ownerOf(code),
    instanceId: 'instance-1',
    version: '0.1.0',
    code,
    message: `${ERROR_CATEGORIES[defineError(code).category].name} in a test`,
    occurredAt: isoAt(T0),
    context: {},
    ...own,
  };
}
