import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { askOllamaContext } from './ollama-context.ts';

/** What Ollama 0.17.4 said here on 2026-11-30, without the digests; 0.6.5 the same without `context_length`. */
const model = (name: string) => ({
  name,
  model: name,
  size: 315136,
  details: { parent_model: '', format: 'gguf', family: 'llama', families: ['llama'], parameter_size: '63K' },
  expires_at: '2026-11-30T08:13:28.580427283Z',
  size_vram: 0,
});

test('what Ollama has loaded a model for stands in its list of running models', async (t) => {
  let answer: unknown;
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.end(JSON.stringify(answer));
  });
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  answer = { models: [model('slow:latest'), { ...model('tiny:latest'), context_length: 512 }] };
  assert.equal(await askOllamaContext(`${origin}/v1`, 'tiny'), 512);
  assert.equal(await askOllamaContext(`${origin}/behind/v1/`, 'tiny:latest'), 512);
  assert.equal(await askOllamaContext(`${origin}/v1`, 'slow'), undefined);
  assert.equal(await askOllamaContext(`${origin}/v1`, 'unloaded'), undefined);
  answer = { error: 'something else' };
  assert.equal(await askOllamaContext(`${origin}/v1`, 'tiny'), undefined);
  assert.deepEqual(new Set(asked), new Set(['/api/ps', '/behind/api/ps']));

  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(askOllamaContext(`${origin}/v1`, 'tiny'));
});
