import { renderFrame } from './render-frame.ts';
import { BLACK_SCENE, sceneAt } from './scene.ts';

export type CameraCondition = 'working' | 'frozen' | 'black' | 'garbage';

/** The picture now; rendered at most once a frame interval, however many look. */
export interface FrameSource {
  current(): Promise<Buffer>;
  /** Frames rendered so far. */
  rendered(): number;
}

interface FrameSourceParts {
  /** Milliseconds since the start. */
  readonly elapsedMs: () => number;
  readonly frameMs: number;
  readonly condition: () => CameraCondition;
}

/** Looks like a JPEG for two bytes. */
const GARBAGE = Buffer.concat([
  Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  Buffer.from('this is no picture at all'.repeat(20)),
]);

export function createFrameSource({ elapsedMs, frameMs, condition }: FrameSourceParts): FrameSource {
  let latest: { readonly number: number; readonly frame: Promise<Buffer> } | undefined;
  let rendered = 0;

  const render = (number: number): Promise<Buffer> => {
    rendered += 1;
    const frame = renderFrame(sceneAt(number * frameMs));
    latest = { number, frame };
    return frame;
  };

  return {
    rendered: () => rendered,
    async current() {
      const number = Math.floor(elapsedMs() / frameMs);
      switch (condition()) {
        case 'garbage':
          return GARBAGE;
        case 'black':
          return renderFrame(BLACK_SCENE);
        case 'frozen':
          return latest?.frame ?? render(number);
        case 'working':
          return latest?.number === number ? latest.frame : render(number);
      }
    },
  };
}
