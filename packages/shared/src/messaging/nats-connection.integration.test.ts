import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { SERVICE_NAMES } from '../contracts/index.ts';
import { startNats } from '../testing/start-nats.ts';
import { waitFor } from '../testing/wait-for.ts';
import { type NatsLink, openNats } from './nats-connection.ts';

const links: NatsLink[] = [];
const open = (address: Parameters<typeof openNats>[0]) => {
  const link = openNats(address);
  links.push(link);
  return link;
};
after(() => Promise.all(links.map((link) => link.close())));

describe('a link to NATS', () => {
  it('gets in with any password: nothing in one can end its string in the configuration', async () => {
    const passwords = {
      supervisor: 'plain',
      'audio-gateway': '"} ] } # $HUB {',
      'osc-bridge': 'back\\slash\\',
      'llm-service': 'tab\tline\nü😀',
      'cv-service': 'control\u0001\u001f\b\f',
    };
    const nats = await startNats({ passwords });
    for (const service of SERVICE_NAMES) {
      const link = open(nats.address(service));
      await waitFor(() => link.isConnected(), `${service} on the bus`);
    }
    await Promise.all(links.splice(0).map((link) => link.close()));
    await nats.stop();
  });

  it('tells its listeners the present state and each change, through a crash of the server', async () => {
    const nats = await startNats();
    const link = open(nats.address('osc-bridge'));
    const told: boolean[] = [];
    const stop = link.onConnection((connected) => told.push(connected));
    await waitFor(() => link.isConnected(), 'the connection');
    await nats.kill();
    await waitFor(() => !link.isConnected(), 'the loss');
    await nats.start();
    await waitFor(() => link.isConnected(), 'the return');
    assert.deepEqual(told, [false, true, false, true]);
    stop();
    await link.close();
    assert.deepEqual(told, [false, true, false, true]);
    assert.equal(link.isConnected(), false);
    await nats.stop();
  });
});
