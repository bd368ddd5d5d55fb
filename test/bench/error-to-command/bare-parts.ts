import { type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { TestNats } from '@understudy/shared/testing';

const STREAM = 'BENCH';

/** What the way of an error is made of, with nothing of Understudy around it: the client, the server, a payload of an error's size. */
export async function openBareParts(nats: TestNats, payload: string) {
  const { url: servers, user, password: pass } = nats.address('supervisor');
  const [near, far] = await Promise.all([connect({ servers, user, pass }), connect({ servers, user, pass })]);
  const jsm = await jetstreamManager(near);
  await jsm.streams.add({ name: STREAM, subjects: ['bench.stored.*'], storage: 'file' });
  await jsm.consumers.add(STREAM, { durable_name: 'bench', ack_policy: 'explicit', filter_subject: 'bench.stored.to' });
  const js = jetstream(near);
  let onDelivery: (message: JsMsg) => void = (message) => message.ack();
  const deliveries = await (await jetstream(far).consumers.get(STREAM, 'bench')).consume({
    callback: (message) => onDelivery(message),
  });
  far.subscribe('bench.echo', { callback: (_error, message) => void message.respond('done') });
  await far.flush();

  return {
    /** One JetStream publish until a pull consumer has it, ms. */
    async publishToDelivery(): Promise<number> {
      const began = performance.now();
      const delivered = new Promise<number>((resolve) => {
        onDelivery = (message) => {
          resolve(performance.now() - began);
          message.ack();
        };
      });
      await js.publish('bench.stored.to', payload);
      return delivered;
    },
    /** One append to a stream on disk, acknowledged, ms. */
    async append(): Promise<number> {
      const began = performance.now();
      await js.publish('bench.stored.only', payload);
      return performance.now() - began;
    },
    /** One core request and its answer, ms. */
    async requestReply(): Promise<number> {
      const began = performance.now();
      await near.request('bench.echo', payload, { timeout: 5000 });
      return performance.now() - began;
    },
    async close() {
      await deliveries.close();
      await Promise.all([near.close(), far.close()]);
    },
  };
}
