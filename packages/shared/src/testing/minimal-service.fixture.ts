import { runService } from '../service/index.ts';

/** The skeleton with almost nothing in it, under the name of a real service (its account and commands are needed). */
await runService('osc-bridge', async (context) => {
  context.observe('act', 'full', 'fixture');
  return {
    commands: {
      reconnect: async () => ({ ok: true, detail: 'reconnected' }),
      'release-inputs': async () => ({ ok: false, detail: 'nothing was held' }),
    },
    probes: { 'osc-echo': async (subject) => ({ ok: true, detail: `echo of ${subject ?? 'all'}` }) },
    shed: async (what) => `${what} given back`,
    onCeiling: (capability, ceiling) => context.observe(capability, ceiling.level, `ceiling:${ceiling.by}`),
    async stop() {
      context.logger.info('Stopped by the skeleton');
    },
  };
});
