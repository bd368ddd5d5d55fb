import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { type ErrorEvent, subjectsOf } from '@understudy/shared/contracts';
import { createServiceBus } from '@understudy/shared/messaging';
import { type TestNats, waitFor } from '@understudy/shared/testing';

/** What a real service would send: a stack and a few breadcrumbs, about 2 KB. */
export const makeEvent = (number: number): ErrorEvent => ({
  id: randomUUID(),
  service: 'osc-bridge',
  instanceId: 'bench-instance',
  version: '0.1.0',
  code: 'OSC_CONNECTION_LOST',
  message: 'VRChat gives no sign that it receives OSC.',
  occurredAt: new Date().toISOString(),
  // Its own fingerprint: each error opens an incident, with an immediate first attempt.
  subject: `bench-${number}`,
  context: { silentMs: 10_000, target: '127.0.0.1:9000', number },
  stack: new Error('VRChat gives no sign').stack?.slice(0, 8000) ?? '',
  breadcrumbs: Array.from({ length: 5 }, (_, index) => `osc-bridge/OSC_CONNECTION_LOST/bench-${number - index}`),
});

/** The osc-bridge's side of the bus: its real bus, which answers every command with success, and the bare client on its account. */
export async function createErrorAuthor(nats: TestNats, fail: (error: unknown) => void) {
  const address = nats.address('osc-bridge');
  const folder = mkdtempSync(join(tmpdir(), 'understudy-bench-'));
  const bus = createServiceBus({
    bot: 'main',
    service: 'osc-bridge',
    address,
    outboxFile: join(folder, 'outbox.jsonl'),
    observed: () => ({}),
    onRejected: fail,
    onOutboxDropped: fail,
    onHandlerError: fail,
  });
  let onReconnect = (): void => {};
  bus.answerCommands(async ({ id, verb }) => {
    if (verb === 'reconnect') onReconnect();
    return { commandId: id, outcome: 'done', detail: `${verb} is done`, observed: {} };
  });
  await waitFor(() => bus.isConnected(), 'the bus of the bench');
  const bare = await connect({ servers: address.url, user: address.user, pass: address.password });
  const js = jetstream(bare);

  /** @returns ms from before `publish` until the command of its recovery is in this process */
  const commandAfter = (publish: () => void): Promise<number> => {
    const began = performance.now();
    const received = new Promise<number>((resolve) => {
      onReconnect = () => resolve(performance.now() - began);
    });
    publish();
    return received;
  };
  return {
    /** By the service's own bus: onto disk first. */
    throughBus: (event: ErrorEvent) => commandAfter(() => bus.enqueueError(event)),
    /** By nothing but the client. */
    bare: (event: ErrorEvent) =>
      commandAfter(
        () =>
          void js
            .publish(subjectsOf('main').error('osc-bridge'), JSON.stringify(event), { msgID: event.id })
            .catch(fail),
      ),
    async close() {
      await Promise.all([bus.close(), bare.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
