import { type HealthStatus, type Incident, type Limit, type Mode, SEVERITY } from '@understudy/shared/contracts';

/** One line for a streamer's overlay: what is off, what still works. */
const STREAMER_LINES: Record<Limit, string> = {
  essential: 'Saving memory: only the essentials run. The bot still talks.',
  text_only: 'Voice is off. The bot reads and writes in the chatbox.',
  scripted: 'The bot answers with prepared lines for the moment.',
  no_avatar: 'The avatar is still for the moment. The bot still talks.',
  no_vision: 'The bot cannot see the scene. Everything else works.',
};

export const tellStreamer = (limits: readonly Limit[]): string =>
  limits
    .slice(0, 1)
    .map((limit) => STREAMER_LINES[limit])
    .join('');

const bySeverity = (a: Incident, b: Incident): number =>
  Number(b.needsOperator) - Number(a.needsOperator) || SEVERITY[b.severity] - SEVERITY[a.severity];

/** The most pressing thing and its remedy; never a stack trace. */
export function tellOperator(mode: Mode, open: readonly Incident[], health: HealthStatus = 'HEALTHY'): string {
  const [worst] = [...open].sort(bySeverity);
  if (!worst && health !== 'HEALTHY') return `No open incident; health is ${health}, the checks below say why.`;
  if (!worst) return mode === 'full' ? 'All is well.' : `No open incident; the bot runs as ${mode}.`;
  const more = open.length > 1 ? ` (${open.length - 1} more open)` : '';
  const meanwhile = worst.degradedBy ? ` Meanwhile: ${worst.degradedBy}.` : '';
  return `${worst.code} at ${worst.service}: ${worst.summary}${meanwhile} What to do: ${worst.remedy}${more}`;
}
