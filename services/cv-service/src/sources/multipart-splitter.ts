import { type BadFrameReason, type FrameSplitter, MAX_FRAME_BYTES } from './frame-source.ts';

/** Cameras send three or four short header lines. */
const MAX_HEADER_BYTES = 8 * 1024;
const CONTENT_LENGTH = /^content-length[ \t]*:[ \t]*([0-9]{1,12})[ \t]*$/im;
const NOTHING = Buffer.alloc(0);

/**
 * The boundary named by a `multipart/*` content type; `undefined` for other types. Leading dashes are taken off: some
 * cameras write those of the delimiter into the parameter (`boundary=--frame`), others do not.
 */
export function boundaryOf(contentType: string): string | undefined {
  if (!/^\s*multipart\//i.test(contentType)) return undefined;
  const [, quoted, plain] = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(contentType) ?? [];
  const name = (quoted ?? plain ?? '').replace(/^-+/, '');
  return name === '' ? undefined : name;
}

function endOfHeaders(data: Buffer): { readonly end: number; readonly next: number } | undefined {
  const crlf = data.indexOf('\r\n\r\n');
  const lf = data.indexOf('\n\n');
  if (crlf === -1 && lf === -1) return undefined;
  return lf === -1 || (crlf !== -1 && crlf < lf) ? { end: crlf, next: crlf + 4 } : { end: lf, next: lf + 2 };
}

/** Where the body ends that a delimiter at `delimiter` follows: before its extra dashes and its line break. */
function endOfBody(data: Buffer, delimiter: number): number {
  let end = delimiter;
  while (end > delimiter - 2 && data[end - 1] === 0x2d) end -= 1;
  if (data[end - 1] === 0x0a) end -= 1;
  if (data[end - 1] === 0x0d) end -= 1;
  return end;
}

type Place =
  | { readonly at: 'delimiter'; readonly afterLength: boolean }
  | { readonly at: 'headers' }
  | { readonly at: 'body'; readonly length: number | undefined };

/** Between a body of the right length and the next delimiter: CRLF and at most two extra dashes. */
const MAX_GAP_BYTES = 4;

/**
 * Splits `multipart/x-mixed-replace`. A part is cut by its Content-Length, at once; where that is missing, or was wrong
 * once, at the next delimiter. Whatever is wrong is told to `onBad`, and splitting goes on at the next delimiter.
 */
export function createMultipartSplitter(
  boundary: string,
  onBad: (reason: BadFrameReason) => void,
  maxBytes = MAX_FRAME_BYTES,
): FrameSplitter {
  const delimiter = Buffer.from(`--${boundary}`);
  let place: Place = { at: 'delimiter', afterLength: false };
  let lengthsAreTrue = true;
  let data: Buffer = NOTHING;

  const seek = (afterLength = false): void => {
    place = { at: 'delimiter', afterLength };
  };

  /** @returns whether there is more to be had from the present data */
  function findDelimiter(afterLength: boolean): boolean {
    const found = data.indexOf(delimiter);
    const gap = found === -1 ? data.length - delimiter.length : found;
    if (afterLength && lengthsAreTrue && gap > MAX_GAP_BYTES) {
      lengthsAreTrue = false;
      onBad('wrong_content_length');
    }
    if (found === -1) {
      data = data.subarray(Math.max(0, data.length - MAX_GAP_BYTES - delimiter.length));
      return false;
    }
    data = data.subarray(found + delimiter.length);
    place = { at: 'headers' };
    return true;
  }

  function readHeaders(): boolean {
    const headers = endOfHeaders(data);
    if (headers === undefined || headers.end > MAX_HEADER_BYTES) {
      if (headers === undefined && data.length <= MAX_HEADER_BYTES) return false;
      onBad('header_too_long');
      seek();
      return true;
    }
    const length = CONTENT_LENGTH.exec(data.toString('latin1', 0, headers.end))?.[1];
    data = data.subarray(headers.next);
    place = { at: 'body', length: length === undefined || !lengthsAreTrue ? undefined : Number(length) };
    return true;
  }

  function emit(body: Buffer, frames: Buffer[]): void {
    if (body.length === 0) onBad('empty_frame');
    else if (body.length > maxBytes) onBad('frame_too_large');
    else frames.push(body);
  }

  function readBody(length: number | undefined, frames: Buffer[]): boolean {
    if (length !== undefined && length > maxBytes) {
      onBad('frame_too_large');
      seek();
      return true;
    }
    if (length !== undefined) {
      if (data.length < length) return false;
      emit(data.subarray(0, length), frames);
      data = data.subarray(length);
      seek(true);
      return true;
    }
    const next = data.indexOf(delimiter);
    if (next === -1) {
      if (data.length <= maxBytes + delimiter.length) return false;
      onBad('frame_too_large');
      seek();
      return true;
    }
    emit(data.subarray(0, Math.max(0, endOfBody(data, next))), frames);
    seek();
    return true;
  }

  function step(frames: Buffer[]): boolean {
    switch (place.at) {
      case 'delimiter':
        return findDelimiter(place.afterLength);
      case 'headers':
        return readHeaders();
      case 'body':
        return readBody(place.length, frames);
    }
  }

  return {
    push(chunk) {
      const frames: Buffer[] = [];
      data = data.length === 0 ? chunk : Buffer.concat([data, chunk]);
      while (step(frames));
      return frames;
    },
  };
}
