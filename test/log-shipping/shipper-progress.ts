import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Bytes of the live files and of their newest generations that Fluent Bit has not taken yet, by the offsets that it stores. */
export function unreadBytes(logsFolder: string, offsetsFile: string): number {
  const offsets = readOffsets(offsetsFile);
  return readdirSync(logsFolder)
    .filter((name) => /\.log(\.1)?$/.test(name))
    .map((name) => statSync(join(logsFolder, name)))
    .reduce((sum, { ino, size }) => sum + Math.max(0, size - (offsets.get(ino) ?? 0)), 0);
}

function readOffsets(file: string): Map<number, number> {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  try {
    const rows = database.prepare('SELECT inode, offset FROM in_tail_files').all();
    return new Map(rows.map(({ inode, offset }) => [Number(inode), Number(offset)]));
  } finally {
    database.close();
  }
}
