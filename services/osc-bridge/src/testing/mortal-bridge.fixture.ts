import { createFakeContext } from '@understudy/shared/testing';
import { compose } from '../app.ts';
import { openActClient } from './act-client.ts';
import { bridgeYaml } from './bridge-config.ts';
import { reply } from './reply-sentence.ts';

/** The program of foreign-peer.integration.test.ts: a bridge that can be killed. Says `ready`, then, to each thing that it is told, how well it can act. */
const [, , sendPort = '', receivePort = '', dataFolder = ''] = process.argv;

const context = createFakeContext('osc-bridge', {
  yaml: bridgeYaml({ sendPort: Number(sendPort), receivePort: Number(receivePort) }, '  input_lease_ms: 60000'),
});
Object.assign(context, { dataFolder });
const parts = await compose(context);
const client = await openActClient(parts);

process.on('message', async ({ say, act }: { say?: string; act?: unknown }) => {
  if (say !== undefined) await context.bus.deliver('reply', reply('turn-0001', 0, say));
  if (act !== undefined) await client.act(act);
  process.send?.(context.observed().act?.level ?? 'unknown');
});
process.send?.('ready');
