import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { renderStack } from '@understudy/monitoring';
import { parseConfig, type ResolvedConfig } from '@understudy/shared/config';
import { ServiceError } from '@understudy/shared/errors';
import { writePrivately } from '@understudy/shared/servers';
import { readAgain } from './read-again.ts';
import { renderAgain } from './render-again.ts';

const configOf = (yaml: string): ResolvedConfig => {
  const loaded = parseConfig(yaml, 'test.yaml');
  assert(loaded.ok);
  return loaded.config;
};
const SLOW = 'alerts: { performance_degradation: { threshold_ms: 4321 } }';

let folder: string;
let asked: string[];
let answer: number;
let reader: string;
let close: () => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rendered-'));
  const first = renderStack(configOf(''), { stack: 'full', receivers: ['ntfy'] });
  assert(first.ok);
  for (const program of ['prometheus', 'alertmanager'] as const)
    for (const [path, text] of Object.entries(first[program])) writePrivately(join(folder, program, path), text);
  [asked, answer] = [[], 200];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(answer).end('line 7: no such key');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert(typeof address === 'object' && address);
  reader = `http://127.0.0.1:${address.port}`;
  close = () => server.close();
});
afterEach(() => {
  close();
  rmSync(folder, { recursive: true });
});

describe('renderAgain', () => {
  const render = (yaml: string) => renderAgain(configOf(yaml), folder);
  const rules = () => join(folder, 'prometheus/rules/understudy.yml');

  it('brings a new threshold to the rules and keeps the receivers that setup found', () => {
    render(SLOW);
    assert.match(readFileSync(rules(), 'utf8'), /4\.321/);
    assert.match(readFileSync(join(folder, 'alertmanager/alertmanager.yml'), 'utf8'), /understudy-secrets\/ntfy/);
  });

  it('leaves alone what is the same, so that nobody reads it again', () => {
    const before = statSync(rules()).ino;
    render('');
    assert.equal(statSync(rules()).ino, before);
  });
});

describe('readAgain', () => {
  it('asks for a reload', async () => {
    await readAgain(reader);
    assert.deepEqual(asked, ['POST /-/reload']);
  });

  it('says who refuses, and why', async () => {
    answer = 500;
    await assert.rejects(readAgain(reader), (error: Error) => {
      assert.ok(error instanceof ServiceError);
      assert.match(error.message, /refuses its new one \(HTTP 500\): line 7: no such key/);
      return true;
    });
  });

  it('fails otherwise when nobody is there', () =>
    assert.rejects(readAgain('http://127.0.0.1:9'), (error) => !(error instanceof ServiceError)));
});
