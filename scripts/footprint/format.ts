import { LIMITS, type Stack } from './budget.ts';
import { type Row, sumOf } from './judge.ts';

export interface Report {
  readonly stack: Stack;
  readonly rows: readonly Row[];
  readonly startSeconds: number;
}

const cells = (row: readonly string[]): string => `| ${row.join(' | ')} |`;

function stackTable({ stack, rows, startSeconds }: Report): string {
  const sum = sumOf(rows);
  const lines = rows.map(({ name, budget, measured }) => [
    name + (budget.in === 'simulated' ? ' (not in the sum)' : ''),
    measured ? measured.memoryMib.toFixed(0) : `(${budget.memoryMib})`,
    String(budget.memoryMib),
    measured ? measured.processor.toFixed(2) : `(${budget.processor})`,
    String(budget.processor),
    measured ? '' : `not run here; its budget counts${budget.byHand ? `. By hand: ${budget.byHand}` : ''}`,
  ]);
  const limit = LIMITS[stack];
  return [
    `## ${stack === 'full' ? '`docker compose up`' : '`docker compose -f docker-compose.lite.yml up`'}`,
    '',
    `All healthy after ${startSeconds.toFixed(0)} s.`,
    '',
    cells(['container', 'MiB', 'budget', '% of a core', 'budget', 'note']),
    cells(['---', '--:', '--:', '--:', '--:', '---']),
    ...lines.map(cells),
    cells([
      '**sum**',
      `**${sum.memoryMib.toFixed(0)}**`,
      `**${limit.memoryMib}**`,
      `**${sum.processor.toFixed(1)}**`,
      `**${limit.processor}**`,
      '',
    ]),
  ].join('\n');
}

/** `docs/footprint.md`. */
export const formatReport = (
  reports: readonly Report[],
  facts: { machine: string; settleSeconds: number; windowSeconds: number },
): string => `# Footprint

<!-- Written by \`npm run footprint\`. Budgets: scripts/footprint/budget.ts. -->

Memory is the control group's usage less inactive files (what the kernel could not simply take back), the median over ${facts.windowSeconds} s at rest, ${facts.settleSeconds} s after
all were healthy; processor is the mean over the same time. Nobody speaks and every peer is simulated, so that no model is loaded. Files that several containers share (Node itself, all packages: one image) are counted at whoever touched them first.

Measured on ${facts.machine}.

${reports.map(stackTable).join('\n\n')}

## What real peers add

By hand, on the same machine; each is there only while it is needed (docs/adr/0012-real-peers.md).

| peer | what runs | adds |
| --- | --- | --- |
| a real microphone | Silero in a process of its own, from the first sound until a minute after the last | 45 MiB to the container of the audio-gateway (67 to 112), 0.9 % of a core while somebody speaks |
| a device of PulseAudio or PipeWire | \`pactl\`, one \`parec\` | 2 MiB each, 0.3 % of a core |
| a real camera | the models of \`vision.detect\` in the cv-service's child | 180 to 300 MiB, a third of a second of one core a look, at lowered priority and at most \`detect_max_fps\` |
| RTSP or a video file | \`ffmpeg\`, at lowered priority | by what it decodes |

## Where the processor goes

By hand, in the same minutes: a bare Node process whose UDP socket only counts a microphone's packets (VBAN at 48 kHz is 188 of them a second)
takes 1.5 % of a core; the audio-gateway, which also decodes, converts, listens and beats, 2.8 %. That is nearly the whole budget of 3 %, and
half of it is the socket's own. A service without work wakes 20 times a second (NATS, watchdog, heartbeat) and takes 0.3 %.
`;
