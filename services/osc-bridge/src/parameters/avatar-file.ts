import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ParameterFact, ParameterKind } from './avatar-parameters.ts';

/** A large avatar's file has 100 KB; more is no avatar. */
const MAX_FILE_BYTES = 2 * 1024 * 1024;
const MAX_FACTS = 8192;
/** Accounts that played on this machine. */
const MAX_USERS = 32;
/** The id arrives by UDP and becomes a file's name. */
const AVATAR_ID = /^[A-Za-z0-9_-]{1,64}$/;
const PREFIX = '/avatar/parameters/';

const KINDS: Readonly<Record<string, ParameterKind>> = { Bool: 'bool', Int: 'int', Float: 'float' };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One direction of a parameter: under which name VRChat takes (input) or sends (output) it, and its type. */
function readEnd(json: unknown): { name: string; kind: ParameterKind } | undefined {
  if (!isRecord(json) || typeof json['address'] !== 'string' || typeof json['type'] !== 'string') return undefined;
  const kind = Object.hasOwn(KINDS, json['type']) ? KINDS[json['type']] : undefined;
  const name = json['address'].startsWith(PREFIX) ? json['address'].slice(PREFIX.length) : '';
  return name && kind ? { name, kind } : undefined;
}

/** @returns undefined for what is no description of an avatar; a parameter that is not understood is left out. Never throws. */
export function readAvatarJson(text: string): Map<string, ParameterFact> | undefined {
  let json: unknown;
  try {
    // VRChat writes a byte order mark, which JSON does not know.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
  if (!isRecord(json) || !Array.isArray(json['parameters'])) return undefined;
  const facts = new Map<string, ParameterFact>();
  for (const parameter of json['parameters'].slice(0, MAX_FACTS)) {
    if (!isRecord(parameter)) continue;
    const input = readEnd(parameter['input']);
    const end = input ?? readEnd(parameter['output']);
    if (end) facts.set(end.name, { kind: end.kind, writable: input !== undefined, value: undefined });
  }
  return facts;
}

interface Found {
  readonly text: string;
  readonly mtimeMs: number;
}

async function readBounded(path: string): Promise<Found | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return undefined;
  try {
    const { size, mtimeMs } = await file.stat();
    if (size > MAX_FILE_BYTES) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
    return { text: buffer.toString('utf8', 0, bytesRead), mtimeMs };
  } catch {
    // A folder of that name, or a disk that fails: as good as no file.
    return undefined;
  } finally {
    await file.close();
  }
}

/**
 * The parameters that VRChat noted for an avatar: `usr_*` / `Avatars` / `ID.json` below its folder OSC. Each account of the
 * machine has a file of its own: the newest counts. Never throws.
 * @returns undefined when there is none that can be read
 */
export async function readAvatarFile(
  oscFolder: string,
  avatarId: string,
): Promise<Map<string, ParameterFact> | undefined> {
  if (!AVATAR_ID.test(avatarId)) return undefined;
  const entries = await readdir(oscFolder).catch(() => []);
  const users = entries.filter((name) => name.startsWith('usr_')).slice(0, MAX_USERS);
  const found = await Promise.all(
    users.map((user) => readBounded(join(oscFolder, user, 'Avatars', `${avatarId}.json`))),
  );
  const newestFirst = found.filter((file) => file !== undefined).sort((a, b) => b.mtimeMs - a.mtimeMs);
  for (const { text } of newestFirst) {
    const facts = readAvatarJson(text);
    if (facts) return facts;
  }
  return undefined;
}
