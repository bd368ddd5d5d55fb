import { createHash } from 'node:crypto';
import { cleanText } from './clean-text.ts';

const MAX_LENGTH = 40;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** An e-mail address or an IP is a viewer's own affair and no name. */
const isAddress = (userId: string): boolean =>
  userId.includes('@') || /^[\d.]+$/.test(userId) || /^[\da-f]*(:[\da-f]*){2,}$/i.test(userId);

/**
 * The `name` of a chat message: `[a-zA-Z0-9_-]{1,64}`. Two viewers stay two: whatever had to be changed gets a mark of the original.
 * @example 'Anna' -> 'Anna'; 'ゆき' -> 'viewer_1f0c0b5d'
 */
export function messageName(userId: string): string {
  if (isAddress(userId)) return `viewer_${hashOf(userId)}`;
  const plain = userId.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, MAX_LENGTH);
  if (plain === userId) return plain;
  return /[a-zA-Z0-9]/.test(plain) ? `${plain}_${hashOf(userId)}` : `viewer_${hashOf(userId)}`;
}

/** How the persona may address the viewer; none for an address or what is no name. */
export function spokenName(userId: string | undefined): string | undefined {
  if (userId === undefined || isAddress(userId)) return undefined;
  const name = cleanText(userId)
    .replace(/[:'<>[\]{}]/g, '')
    .trim()
    .slice(0, MAX_LENGTH);
  return /[\p{L}\p{N}]/u.test(name) ? name : undefined;
}
