import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecoveryCommand, SupervisedService } from '@understudy/shared/contracts';
import { type Bus, createServiceBus } from '@understudy/shared/messaging';
import { type TestNats, waitFor } from '@understudy/shared/testing';

export interface PlayedService {
  readonly bus: Bus;
  /** What it was really asked to do: a repeated id is answered by the bus and does not come here. */
  readonly did: RecoveryCommand[];
  /** What it does when asked; resolves to whether it worked. */
  react: (command: RecoveryCommand) => boolean | Promise<boolean>;
  close(): Promise<void>;
}

/** A service on the real bus, without its process: it reports and obeys. */
export async function playService(nats: TestNats, service: SupervisedService): Promise<PlayedService> {
  const folder = mkdtempSync(join(tmpdir(), `understudy-played-${service}-`));
  const bus = createServiceBus({
    bot: 'main',
    service,
    address: nats.address(service),
    outboxFile: join(folder, 'outbox.jsonl'),
    observed: () => ({}),
    onRejected: () => {},
    onOutboxDropped: () => {},
    onHandlerError: (error) => {
      throw error;
    },
  });
  const played: PlayedService = {
    bus,
    did: [],
    react: () => true,
    async close() {
      await bus.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  bus.answerCommands(async (command) => {
    played.did.push(command);
    const ok = await played.react(command);
    return { commandId: command.id, outcome: ok ? 'done' : 'failed', detail: `${command.verb} ${ok}`, observed: {} };
  });
  await waitFor(() => bus.isConnected(), `${service} on the bus`);
  return played;
}
