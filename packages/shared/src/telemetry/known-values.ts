import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Shorter values occur in ordinary words; replacing them would ruin lines and hide nothing. */
const MIN_SECRET_LENGTH = 4;

const secrets: string[] = [];
const ownAddresses = new Set<string>();

/**
 * From now on the exact value never leaves this process through logs or spans, nor does its URL-encoded form.
 * Call it for every secret read from the environment or a `*_FILE`, before the first line that could show it.
 * Values under 4 characters are ignored.
 */
export function registerSecret(value: string): void {
  const trimmed = value.trim();
  for (const form of new Set([trimmed, encodeURIComponent(trimmed)])) {
    if (form.length >= MIN_SECRET_LENGTH && !secrets.includes(form)) secrets.push(form);
  }
  // A secret may contain another; the longer one must go first.
  secrets.sort((a, b) => b.length - a.length);
}

/** An address of our own (a peer from the configuration): it stays readable, all others are taken for a viewer's. */
export function registerOwnHost(address: string): void {
  ownAddresses.add(address.toLowerCase());
}

/** The addresses of this machine's network interfaces are our own. */
export function registerOwnInterfaces(): void {
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address } of addresses ?? []) registerOwnHost(address);
  }
}

export const isOwnAddress = (address: string): boolean =>
  ownAddresses.has(address.toLowerCase()) ||
  (isIPv4(address) ? address.startsWith('127.') || address === '0.0.0.0' : address === '::1' || address === '::');

export function hideRegisteredSecrets(text: string, mark: string): string {
  let shown = text;
  for (const secret of secrets) {
    if (shown.length >= secret.length && shown.includes(secret)) shown = shown.replaceAll(secret, mark);
  }
  return shown;
}
