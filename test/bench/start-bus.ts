import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHub } from '@understudy/shared/messaging';
import { startNats } from '@understudy/shared/testing';

/** A real NATS with the streams and the bucket, as the supervisor makes them; nothing reads the errors. */
export async function startBus() {
  const nats = await startNats();
  const folder = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
  const hub = createHub({
    bot: 'main',
    address: nats.address('supervisor'),
    spoolFile: join(folder, 'spool.jsonl'),
    onRejected: () => {},
    onHandlerError: () => {},
  });
  await hub.ready;
  return {
    nats,
    async stop() {
      await hub.close();
      await nats.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
