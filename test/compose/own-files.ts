import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVICE_NAMES } from '@understudy/shared/contracts';
import type { Yaml } from '../e2e/e2e-config.ts';

/** The machine that runs the tests may be busy: what judges it is out of the way. */
const PATIENT: Yaml = { health: { event_loop_late_ms: 60_000, event_loop_blocked_ms: 3000 } };

/** Lists replace one another by their target, so that the stack reads this folder in place of the checkout's. */
const overrideOf = (folder: string): Yaml => ({
  services: {
    setup: { volumes: [`${folder}/config:/app/config:ro`, `${folder}/secrets:/operator-secrets:ro`] },
    ...Object.fromEntries(SERVICE_NAMES.map((name) => [name, { volumes: [`${folder}/config:/app/config:ro`] }])),
    // The operator's webhook is on this machine.
    alertmanager: { extra_hosts: ['host.docker.internal:host-gateway'] },
  },
});

/** What an operator would have beside docker-compose.yml: a configuration and secrets; and the file that puts them in place. */
export function writeOwnFiles(config: Yaml, secrets: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-compose-'));
  const configFile = join(folder, 'config', 'understudy.yaml');
  const override = join(folder, 'override.yml');
  for (const name of ['config', 'secrets']) mkdirSync(join(folder, name));
  // The services are not the user of this process.
  chmodSync(folder, 0o755);
  // JSON is YAML.
  const writeConfig = (more: Yaml) => writeFileSync(configFile, JSON.stringify({ ...PATIENT, ...more }, null, 2));
  writeConfig(config);
  for (const [name, text] of Object.entries(secrets)) writeFileSync(join(folder, 'secrets', name), text);
  writeFileSync(override, JSON.stringify(overrideOf(folder), null, 2));
  return {
    folder,
    configFile,
    override,
    writeConfig,
    writeConfigText: (text: string) => writeFileSync(configFile, text),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
