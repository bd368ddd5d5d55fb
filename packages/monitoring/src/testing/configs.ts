import { parseConfig, type ResolvedConfig } from '@understudy/shared/config';

/** The configuration of this YAML; without one, as it is shipped. @throws Error that says what is wrong with the text */
export function configOf(yaml = ''): ResolvedConfig {
  const loaded = parseConfig(yaml, 'test.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

/** What every receiver needs besides its secret. */
export const REACHABLE = `notifications:
  receivers:
    telegram: { chat_id: -100123 }
    email: { to: me@example.org, smarthost: "smtp.example.org:587" }
`;
