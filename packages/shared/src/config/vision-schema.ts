import Type, { type Static, type TSchema } from 'typebox';
import { count, ms, port, section, share } from './schema-parts.ts';

const imageUrl = Type.String({
  pattern: '^https?://',
  description: 'Address of the stream or picture; user and password may stand in it.',
});
const visionSource = <K extends string, P extends Record<string, TSchema>>(
  kind: K,
  properties: P,
  description: string,
) => Type.Object({ kind: Type.Literal(kind), ...properties }, { additionalProperties: false, description });

const VisionSourceSchema = Type.Union(
  [
    visionSource('mjpeg', { url: imageUrl }, 'A stream of JPEGs: OBS plug-ins, IP cameras, ffmpeg.'),
    visionSource('http', { url: imageUrl }, 'One picture a request.'),
    visionSource(
      'folder',
      {
        folder: Type.String({
          minLength: 1,
          description: 'JPEG, PNG and WebP files put here are looked at in turn; the newest stays in view.',
        }),
      },
      'Image files.',
    ),
    visionSource(
      'rtsp',
      {
        url: Type.String({
          pattern: '^rtsps?://([^\\s/@?#]*@)?[^\\s/@?#]+(/[^\\s@#]*)?$',
          patternErrorMessage:
            'that is an address such as rtsp://user:password@192.168.1.20:554/stream; special characters of user and password are written %40 for @, %2F for /, %23 for #, %3A for :',
          description: 'Address; user and password may stand in it.',
        }),
      },
      'A camera or server that speaks RTSP; read by ffmpeg.',
    ),
    visionSource(
      'video',
      {
        file: Type.String({ minLength: 1, description: 'A file that ffmpeg reads, again and again in its own pace.' }),
      },
      'A video file.',
    ),
    visionSource(
      'device',
      {
        device: Type.String({
          minLength: 1,
          description: 'Its path on Linux (/dev/video0), its name on Windows (OBS Virtual Camera).',
        }),
      },
      'A camera of this machine, or a virtual one; read by ffmpeg.',
    ),
    visionSource(
      'obs',
      {
        host: Type.String({ minLength: 1, default: '127.0.0.1', description: 'Where OBS runs.' }),
        port: port(4455, 'Of its WebSocket server.'),
        password_env: Type.Optional(
          Type.String({ minLength: 1, description: 'Name of the variable with the password.' }),
        ),
        password_file: Type.Optional(Type.String({ minLength: 1, description: 'File with the password.' })),
        source: Type.Optional(
          Type.String({ minLength: 1, description: 'Name of an OBS source or scene. None: the scene on the stream.' }),
        ),
        width: count(512, 'Pixels of the picture.', 8, 4096),
      },
      'Screenshots of OBS by obs-websocket.',
    ),
  ],
  {
    description:
      'Where pictures come from: kind mjpeg, http or rtsp with url, folder with folder, video with file, device with device, obs. None: simulated.',
  },
);
export type VisionSource = Static<typeof VisionSourceSchema>;

const VISION_KINDS = ['people', 'faces', 'hands', 'gestures'] as const;
export type VisionKind = (typeof VISION_KINDS)[number];

export const VisionSchema = section(
  {
    source: Type.Optional(VisionSourceSchema),
    detect: Type.Array(Type.Enum([...VISION_KINDS]), {
      default: [...VISION_KINDS],
      description: 'What the models look for in real pictures; empty: only light, movement and change of scene.',
    }),
    detect_confidence: share(0.5, 'What a model is less sure of is not told.'),
    detect_max_fps: Type.Number({
      default: 0.5,
      minimum: 0.02,
      maximum: 10,
      description: 'Frames shown to the models per second at the most: the game needs the processor.',
    }),
    black_below: share(0.03, 'A picture whose brightness is below this is black.'),
    black_after_ms: ms(10_000, 'Only black for so long is a fault.'),
    max_age_ms: ms(5000, 'An observation of an older frame is not told.'),
    max_fps: Type.Number({
      default: 2,
      minimum: 0.1,
      maximum: 30,
      description: 'Frames looked at per second at the most.',
    }),
    frame_timeout_ms: ms(5000, 'No new frame for so long: the source is lost.'),
    frozen_after_ms: ms(60_000, 'The same picture for so long: frozen. Raise it where the scene may stand still.'),
    child_timeout_ms: ms(3000, 'A look that takes longer: the child hangs and is ended.'),
    child_memory_mb: count(600, 'Memory limit of the child.', 64, 16_384),
    scene_change_threshold: share(0.25, 'Share of the picture that has moved to other shades: a new scene.'),
    brightness_threshold: share(0.15, 'Change of the mean brightness (0 black, 1 white) that is told.'),
    motion_threshold: share(0.02, 'Mean change of a pixel (0 to 1) that counts as movement.'),
  },
  'Seeing. No source: simulated.',
);
