import { formatTable, type Paint } from '@understudy/cli';
import type { Peer } from '@understudy/shared/config';
import type { StartReport } from '../start-options.ts';

const PEER_NAMES: Readonly<Record<Peer, string>> = {
  vrchat: 'VRChat',
  llm: 'the model (two providers)',
  'audio-inputs': 'the microphones',
  'audio-outputs': 'the speakers',
  transcription: 'transcription',
  speech: 'speech synthesis',
  camera: 'the camera',
};

export interface WelcomeFacts {
  readonly report: StartReport;
  /** `undefined`: the supervisor did not say. */
  readonly mode: string | undefined;
  readonly faults: boolean;
  /** http://host:port of the audio-gateway. */
  readonly inputAddress: string;
  readonly platform: NodeJS.Platform;
}

const EXAMPLE = 'Hello, who are you?';

/** What `npm start` prints when all is up: the table, the mode, and how to talk to the bot. */
export function welcome({ report, mode, faults, inputAddress, platform }: WelcomeFacts, paint: Paint): string {
  const rows = report.parts.map(({ name, state, address }) => [name, state, address]);
  const simulated = report.simulated.map((peer) => PEER_NAMES[peer]).join(', ');
  return [
    '',
    formatTable([['part', 'state', 'address'], ...rows], '  '),
    '',
    ...(simulated === '' ? [] : [`Simulated, because the configuration names no real one: ${simulated}.`]),
    `Mode: ${paint(mode === 'full' ? 'good' : 'fair', mode ?? 'not known yet')}`,
    'Talk to it:',
    `  npx understudy input "${EXAMPLE}"`,
    `  ${curlFor(platform, inputAddress)}`,
    ...(faults
      ? ['Break something:', '  npx understudy inject llm_timeout --duration 20s']
      : ['Faults on purpose are off; npm start -- --faults switches them on.']),
    'Ctrl-C stops everything. Incidents and recoveries follow, a line each:',
    '',
  ].join('\n');
}

/** cmd.exe and PowerShell know no single quotes for programs; both take this form. */
function curlFor(platform: NodeJS.Platform, address: string): string {
  const body = JSON.stringify({ text: EXAMPLE });
  const quoted = platform === 'win32' ? JSON.stringify(body) : `'${body}'`;
  return `${platform === 'win32' ? 'curl.exe' : 'curl'} -s ${address}/v1/input -H "content-type: application/json" -d ${quoted}`;
}
