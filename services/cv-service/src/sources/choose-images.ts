/** What `stat` says of one image file. */
export interface ImageFile {
  readonly name: string;
  readonly size: number;
  readonly changedAt: number;
}

/** The folder as it was at one poll, and which files have been handed on in that state. */
export interface FolderMemory {
  readonly files: ReadonlyMap<string, ImageFile>;
  readonly done: ReadonlySet<string>;
}

export const EMPTY_FOLDER: FolderMemory = { files: new Map(), done: new Set() };

/** Older images than the newest so many are passed over: what was seen an hour ago is no longer the scene. */
export const MAX_BACKLOG = 20;

export const versionOf = (file: ImageFile): string => `${file.name}/${file.size}/${file.changedAt}`;
const isOlder = (a: ImageFile, b: ImageFile): number => a.changedAt - b.changedAt || a.name.localeCompare(b.name);

/**
 * The next image to look at: the oldest that is new, or new again, and no longer being written (unchanged since the poll before).
 * @returns `next` is absent when there is none; `finished` are all that are no longer being written, the newest last
 */
export function chooseImage(
  memory: FolderMemory,
  present: readonly ImageFile[],
): { readonly next?: ImageFile; readonly finished: readonly ImageFile[]; readonly memory: FolderMemory } {
  const files = new Map(present.map((file) => [file.name, file]));
  const finished = present
    .filter((file) => {
      const before = memory.files.get(file.name);
      return before !== undefined && versionOf(before) === versionOf(file);
    })
    .sort(isOlder);
  const waiting = finished.filter((file) => !memory.done.has(versionOf(file)));
  const [next, ...later] = waiting.slice(-MAX_BACKLOG);
  const open = new Set(later.map(versionOf));
  const done = new Set(finished.map(versionOf).filter((version) => !open.has(version)));
  return { ...(next === undefined ? {} : { next }), finished, memory: { files, done } };
}
