import type { HealthStatus, Incident, Limit, Mode } from '@understudy/shared/contracts';
import { isConsequence } from '../decide/root-causes.ts';
import { byUrgency, pressingCause } from '../recover/causes.ts';

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

const byAge = (a: Incident, b: Incident): number => a.openedAt.localeCompare(b.openedAt) || a.id.localeCompare(b.id);

/** The one to speak of first: what waits for a person, then the worst; of equals the cause before its consequence, then the oldest. */
export function mostPressing(open: readonly Incident[]): Incident | undefined {
  const ranked = open.map((incident) => ({ incident, cause: pressingCause(incident) }));
  const [first] = ranked.toSorted((a, b) => byUrgency(a.cause, b.cause));
  if (!first) return undefined;
  const equals = ranked
    .filter(({ cause }) => byUrgency(cause, first.cause) === 0)
    .map(({ incident }) => incident)
    .toSorted(byAge);
  return equals.find((one) => !equals.some((root) => isConsequence(one, root))) ?? equals[0];
}

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** The most pressing thing and its remedy; never a stack trace. */
export function tellOperator(mode: Mode, open: readonly Incident[], health: HealthStatus = 'HEALTHY'): string {
  const worst = mostPressing(open);
  if (!worst && health !== 'HEALTHY') return `No open incident; health is ${health}, the checks below say why.`;
  if (!worst) return mode === 'full' ? 'All is well.' : `No open incident; the bot runs as ${mode}.`;
  const more = open.length > 1 ? ` (${open.length - 1} more open)` : '';
  const meanwhile = worst.degradedBy ? ` Meanwhile: ${worst.degradedBy}.` : '';
  return `${worst.code} at ${worst.service}: ${sentence(worst.summary)}${meanwhile} What to do: ${worst.remedy}${more}`;
}
