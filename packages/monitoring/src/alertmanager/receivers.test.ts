import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { RECEIVER_SECRETS } from '../facts.ts';
import { renderStack } from '../render-stack.ts';
import { configOf, REACHABLE } from '../testing/configs.ts';
import { NTFY_MESSAGE, NTFY_TITLE } from './notice-template.ts';

/** Keys whose value would be a secret; each has a twin that names a file. */
const SECRET_KEYS = ['webhook_url', 'bot_token', 'api_url', 'auth_password', 'routing_key', 'credentials', 'url'];

interface Integration {
  readonly [key: string]: unknown;
}

function render(): { name: string; [kind: string]: string | Integration[] }[] {
  const rendered = renderStack(configOf(REACHABLE), { stack: 'full', receivers: [...RECEIVER_SECRETS] });
  assert(rendered.ok);
  return parse(rendered.alertmanager['alertmanager.yml'] ?? '').receivers;
}
const integrationsOf = (name: string): Integration[] => {
  const { name: _, ...kinds } = render().find((receiver) => receiver.name === name) ?? { name };
  return Object.values(kinds).flatMap((kind) => (typeof kind === 'string' ? [] : kind));
};
const filesOf = (name: string): string[] =>
  integrationsOf(name).flatMap((integration) =>
    Object.entries(integration).flatMap(([key, value]) => (key.endsWith('_file') ? [String(value)] : [])),
  );

describe('receivers', () => {
  it('are the same for every severity: each secret but the dead man’s', () => {
    const people = RECEIVER_SECRETS.filter((secret) => secret !== 'deadman').map(
      (secret) => `/run/understudy-secrets/${secret}`,
    );
    for (const name of ['operator-critical', 'operator-error', 'operator-warning', 'everyone'])
      assert.deepEqual(filesOf(name).toSorted(), people.toSorted(), name);
    assert.deepEqual(filesOf('deadman'), ['/run/understudy-secrets/deadman']);
  });

  it('hold no secret, only where each is', () => {
    const integrations = render().flatMap(({ name }) => integrationsOf(name));
    const written = integrations.flatMap((integration) =>
      Object.entries(integration).filter(([key]) => SECRET_KEYS.includes(key)),
    );
    // The supervisor's address is no secret; its token is a file.
    assert.deepEqual(
      written.filter(([, value]) => value !== 'http://127.0.0.1:8700/v1/alertmanager'),
      [],
    );
  });

  it('tell of the end, all but the sign of life', () => {
    for (const { name } of render().filter((receiver) => receiver.name !== 'nobody'))
      assert.ok(
        integrationsOf(name).every(({ send_resolved }) => send_resolved === (name !== 'deadman')),
        name,
      );
  });

  it('send ntfy one line a header, and a line break as it wants it', () => {
    for (const text of [NTFY_TITLE, NTFY_MESSAGE]) assert.doesNotMatch(text, /[^\x20-\x7e]/);
    assert.ok(NTFY_MESSAGE.includes('\\n'));
    // ntfy makes a real line break of it everywhere, in a quoted text of the template too, which would be no template then.
    assert.doesNotMatch(NTFY_MESSAGE, /"[^"]*\\n[^"]*"/);
    // What it refuses.
    assert.doesNotMatch(NTFY_MESSAGE, /\{\{-?\s*(call|template|define)\b/);
  });
});
