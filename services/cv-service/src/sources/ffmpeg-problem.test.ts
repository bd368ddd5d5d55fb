import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FfmpegInput } from './ffmpeg-arguments.ts';
import { readFfmpegProblem } from './ffmpeg-problem.ts';

const camera: FfmpegInput = { kind: 'rtsp', url: 'rtsp://me:geheim@cam.local/stage?key=geheim' };
const film: FfmpegInput = { kind: 'video', file: '/films/a.mp4' };

/** Said by ffmpeg 5.1 of MediaMTX 1.14, of a web server and of files, and what is told of it. */
const SAID: readonly (readonly [FfmpegInput, string, problem: string, isRefused: boolean])[] = [
  [
    camera,
    "[rtsp @ 0x5] method DESCRIBE failed: 401 Unauthorized\n[concat @ 0x5] Impossible to open 'rtsp://me:geheim@cam.local/stage?key=geheim'\npipe:0: Server returned 401 Unauthorized (authorization failed)\n",
    'wrong user or password (401 Unauthorized)',
    true,
  ],
  [
    camera,
    '[rtsp @ 0x5] method DESCRIBE failed: 403 Forbidden\npipe:0: Server returned 403 Forbidden (access denied)\n',
    'this user may not see the stream (403 Forbidden)',
    true,
  ],
  [
    camera,
    'pipe:0: Server returned 404 Not Found\n',
    'nothing is sent at this path; start the stream, or correct the path',
    false,
  ],
  [
    camera,
    "Stream map '0:v:0' matches no streams.\nTo ignore this, add a trailing '?' to the map.\n",
    'the stream has no picture; let its sender send video',
    false,
  ],
  [
    camera,
    "[tcp @ 0x5] Failed to resolve hostname cam.local: Name or service not known\n[concat @ 0x5] Impossible to open 'rtsp://me:geheim@cam.local/stage?key=geheim'\npipe:0: Input/output error\n",
    'the name of its host is not known',
    false,
  ],
  [
    camera,
    'pipe:0: Invalid data found when processing input\n',
    'what answers there does not speak RTSP; look at the port, and whether it is rtsp or rtsps',
    false,
  ],
  [
    camera,
    "[concat @ 0x5] Impossible to open 'rtsp://me:geheim@cam.local/stage?key=geheim'\n",
    "Impossible to open 'rtsp cam.local/stage'",
    false,
  ],
  [film, 'file:/films/a.mp4: No such file or directory\n', 'No such file or directory', true],
  [film, 'file:/films/a.mp4: Permission denied\n', 'Permission denied', true],
  [
    film,
    'file:/films/a.mp4: Invalid data found when processing input\n',
    'the file is no video that ffmpeg knows',
    true,
  ],
  [film, "Stream map '0:v:0' matches no streams.\n", 'the file has no picture', true],
  [film, 'file:/films/a.mp4: Input/output error\n', 'Input/output error', false],
];

for (const [input, stderr, problem, isRefused] of SAID) {
  test(`${input.kind}: ${problem}`, () => {
    assert.deepEqual(readFfmpegProblem(stderr, input, 'exit code 1'), { problem, isRefused });
  });
}
