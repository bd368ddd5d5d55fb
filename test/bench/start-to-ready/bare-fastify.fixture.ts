import { fastify } from 'fastify';

/** The least that listens: what a service's start is measured against. */
const app = fastify();
app.get('/livez', async () => ({ status: 'live' }));
await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ type: 'ready' });
