import { RECEIVER_SECRETS, type ReceiverSecret } from '@understudy/monitoring';
import type { OperatorSecrets } from './operator-secrets.ts';

/** Receivers whose secret is the address to which the notice goes. */
const ADDRESSES: readonly ReceiverSecret[] = ['discord', 'slack', 'ntfy', 'webhook', 'deadman'];

const isAddress = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text) && !/\s/.test(text);

/** Whole sentences, without the secret: Alertmanager itself would only log an unknown scheme when the first notice is due. */
export const receiverSecretProblems = (secrets: OperatorSecrets): string[] =>
  ADDRESSES.filter((name) => secrets.has(name) && !isAddress(secrets.get(name) ?? '')).map(
    (name) =>
      `secrets/${name} holds no address: write one line that begins with https:// (secrets/README.md), without quotes`,
  );

/** A file that nothing reads is often a receiver's by another name. */
export const unusedSecrets = (secrets: OperatorSecrets, used: readonly string[]): string[] =>
  [...secrets.keys()]
    .filter((name) => !used.includes(name))
    .map(
      (name) =>
        `secrets/${name} is used by nothing: receivers are ${RECEIVER_SECRETS.join(', ')} (no ending); keys need an api_key_file: secrets/${name}`,
    );
