import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { isServiceError } from '@understudy/shared/errors';
import { systemClock } from '@understudy/shared/service';
import { createOpenAiProvider } from './openai-provider.ts';

const folder = mkdtempSync(join(tmpdir(), 'understudy-tls-'));
const at = (name: string) => join(folder, name);
const openssl = (...args: readonly string[]) => {
  const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
};
const key = (name: string) => [
  '-newkey',
  'ec',
  '-pkeyopt',
  'ec_paramgen_curve:P-256',
  '-nodes',
  '-keyout',
  `${name}.key`,
];

/** Of an authority of our own, for a name and from a day to another (of openssl, YYYYMMDDHHMMSSZ). */
function certify(name: string, subject: string, [from, to]: readonly [string, string]): void {
  openssl('req', ...key(name), '-out', `${name}.csr`, '-subj', '/CN=test');
  writeFileSync(at(`${name}.ext`), `subjectAltName=${subject}\n`);
  writeFileSync(at('index.txt'), '');
  writeFileSync(at('serial.txt'), '01');
  const ca = ['-cert', 'ca.pem', '-keyfile', 'ca.key', '-outdir', '.', '-md', 'sha256', '-batch'];
  writeFileSync(
    at('ca.cnf'),
    '[ca]\ndefault_ca=c\n[c]\ndatabase=index.txt\nserial=serial.txt\nunique_subject=no\npolicy=p\nx509_extensions=e\n[e]\n[p]\ncommonName=supplied\n',
  );
  const span = ['-startdate', from, '-enddate', to];
  openssl(
    'ca',
    '-config',
    'ca.cnf',
    ...ca,
    ...span,
    '-in',
    `${name}.csr`,
    '-out',
    `${name}.pem`,
    '-extfile',
    `${name}.ext`,
    '-notext',
  );
}

const NOW = ['20260101000000Z', '20460101000000Z'] as const;
const PAST = ['20200101000000Z', '20210101000000Z'] as const;
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe('a provider behind TLS', { skip: hasOpenssl ? false : 'openssl is missing: apt-get install openssl' }, () => {
  const trusted = getCACertificates('default');
  before(() => {
    openssl('req', '-x509', ...key('ca'), '-out', 'ca.pem', '-days', '9000', '-subj', '/CN=Understudy test CA');
    openssl('req', '-x509', ...key('self'), '-out', 'self.pem', '-days', '9', '-subj', '/CN=localhost');
    certify('good', 'DNS:localhost', NOW);
    certify('expired', 'DNS:localhost', PAST);
    certify('other', 'DNS:example.org', NOW);
    setDefaultCACertificates([...trusted, readFileSync(at('ca.pem'), 'utf8')]);
  });
  after(() => {
    setDefaultCACertificates(trusted);
    rmSync(folder, { recursive: true, force: true });
  });

  const failureWith = async (name: string): Promise<string> => {
    const server = createServer(
      { key: readFileSync(at(`${name}.key`)), cert: readFileSync(at(`${name}.pem`)) },
      (_, response) => response.writeHead(401).end(JSON.stringify({ error: { message: 'Incorrect API key' } })),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const settings = {
      name: 'p',
      base_url: `https://localhost:${(server.address() as AddressInfo).port}/v1`,
      model: 'm',
      max_tokens: 5,
    };
    const provider = createOpenAiProvider(settings, { ok: true, key: 'k', isSecret: true }, { clock: systemClock });
    const question = {
      messages: [{ role: 'user', content: 'hi' }],
      firstTokenMs: 60_000,
      nextTokenMs: 60_000,
    } as const;
    try {
      await Array.fromAsync(provider.ask(question, new AbortController().signal));
      return 'it answered';
    } catch (error) {
      if (!isServiceError(error)) throw error;
      return `${error.code} ${/\((TLS, \w+)\)/.exec(error.message)?.[1] ?? ''}`.trim();
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };

  it('gets through where the certificate is good', async () => assert.equal(await failureWith('good'), 'LLM_BAD_KEY'));
  const BAD = [
    ['self', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['other', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const;
  for (const [name, reason] of BAD)
    it(`${name}: ${reason}`, async () => assert.equal(await failureWith(name), `LLM_UNREACHABLE TLS, ${reason}`));
});
