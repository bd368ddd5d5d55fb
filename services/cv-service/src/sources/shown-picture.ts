import { hash } from 'node:crypto';

/**
 * A scene that stands still comes out of H.264 as few pictures in turn: a key frame, and what the frames after it make of it
 * (measured with x264 at 2 and 5 frames a second: up to 7 within a minute, and none that is new after the first seconds).
 */
const REMEMBERED = 8;

/** A stream that was opened anew is looked at in other moments: its first pictures may be new though the scene stands still. */
const UNPROVED = 2;

export interface ShownPicture {
  /** Names what a decoded picture shows: the name changes with a picture that is none of the last few. */
  nameOf(image: Buffer): string;
  /** The next pictures are those of another run. */
  reopened(): void;
}

export function createShownPicture(): ShownPicture {
  let recent: readonly string[] = [];
  let shown: string | undefined;
  let unproved = 0;
  return {
    nameOf(image) {
      const bytes = hash('sha1', image);
      if (shown === undefined || (unproved === 0 && !recent.includes(bytes))) shown = bytes;
      unproved = Math.max(0, unproved - 1);
      recent = [...recent.filter((known) => known !== bytes), bytes].slice(-REMEMBERED);
      return shown;
    },
    reopened() {
      unproved = UNPROVED;
    },
  };
}
