/** One picture as it came, still encoded (JPEG, or what `sharp` reads). */
export interface Frame {
  readonly image: Buffer;
  /** Epoch milliseconds; for a file the time of its last change. */
  readonly capturedAt: number;
  /** Names what it shows, where a scene that stands still does not come as the same bytes; else the bytes tell. */
  readonly picture?: string;
}

/** A larger frame is refused: 8 MB hold a 4K picture in JPEG at its best quality. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024;

/** Why something that came was no frame; the label of `understudy_bad_input_total{edge="camera"}`. */
export type BadFrameReason =
  | 'frame_too_large'
  | 'empty_frame'
  | 'header_too_long'
  | 'wrong_content_length'
  | 'not_jpeg'
  | 'not_an_image'
  | 'http_status'
  | 'bad_screenshot';

export interface FrameSourceEvents {
  onFrame(frame: Frame): void;
  onBadInput(reason: BadFrameReason): void;
}

/** Where pictures come from. It keeps nothing: each frame is handed on at once. */
export interface FrameSource {
  /** Opens it; failures are told by `problem()` and by frames that do not come. */
  start(events: FrameSourceEvents): void;
  /** Nothing comes afterwards. Resolves when what it started has ended. */
  stop(): Promise<void> | void;
  /** Epoch milliseconds of the last frame's arrival. */
  lastFrameAt(): number | undefined;
  /** Kind and place, without credentials and query, at most 120 characters: the subject of its errors. */
  describe(): string;
  /** What keeps frames from coming, as far as it knows. */
  problem(): string | undefined;
  /** Only an operator mends that: a wrong password, a source that does not exist, a program that is not installed. */
  isRefused(): boolean;
}

/** Turns a stream of bytes into encoded pictures, wherever the stream is cut. */
export interface FrameSplitter {
  push(chunk: Buffer): Buffer[];
}
