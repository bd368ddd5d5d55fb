import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FfmpegInput } from './ffmpeg-arguments.ts';
import { heldBy, readFfmpegProblem } from './ffmpeg-problem.ts';

const camera: FfmpegInput = { kind: 'rtsp', url: 'rtsp://me:geheim@cam.local/stage?key=geheim' };
const held = 'holds it; close that, or if it is OBS take its picture: kind obs, or as a device its virtual camera';
const webcam: FfmpegInput = { kind: 'device', device: '/dev/video0' };
const windowsCam: FfmpegInput = { kind: 'device', device: 'FHD Camera' };
const film: FfmpegInput = { kind: 'video', file: '/films/a.mp4' };

/**
 * Said by ffmpeg 5.1 of MediaMTX 1.14, of a web server, of files and of what is no camera, and what is told of it.
 * What it says on Windows, and of a camera that gives no picture or is unplugged, was read in its sources and in the reports of others.
 */
const SAID: readonly (readonly [FfmpegInput, string, problem: string, isRefused: boolean, asks?: string])[] = [
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
    'protocol',
  ],
  [
    camera,
    "[tls @ 0x5] An unexpected TLS packet was received.\n[concat @ 0x5] Impossible to open 'rtsps://cam.local/stage'\npipe:0: Input/output error\n",
    'what answers there does not speak RTSP; look at the port, and whether it is rtsp or rtsps',
    false,
    'protocol',
  ],
  [
    webcam,
    '[video4linux2,v4l2 @ 0x5] Cannot open video device /dev/video0: No such file or directory\n/dev/video0: No such file or directory\n',
    'there is no such camera now; plug it in, or correct vision.source.device',
    false,
    'place',
  ],
  [
    webcam,
    '[video4linux2,v4l2 @ 0x5] Cannot open video device /dev/video0: Device or resource busy\n/dev/video0: Device or resource busy\n',
    `another program ${held}`,
    false,
    'holder',
  ],
  [
    webcam,
    '[video4linux2,v4l2 @ 0x5] Cannot open video device /dev/video0: Permission denied\n/dev/video0: Permission denied\n',
    'this user may not open it; add the user to the group video (`sudo usermod -aG video NAME`) and log in anew',
    true,
  ],
  [
    webcam,
    '[video4linux2,v4l2 @ 0x5] ioctl(VIDIOC_QUERYCAP): Inappropriate ioctl for device\n/dev/video0: Inappropriate ioctl for device\n',
    'it is no camera; correct vision.source.device (`ls /dev/video*`)',
    true,
  ],
  [
    webcam,
    '[video4linux2,v4l2 @ 0x5] Not a video capture device.\n/dev/video0: No such device\n',
    'it gives no picture; a virtual camera must be started, and of the two devices of a camera one is only for its data',
    false,
  ],
  [
    webcam,
    '[video4linux2,v4l2 @ 0x5] ioctl(VIDIOC_DQBUF): No such device\n/dev/video0: No such device\n',
    'there is no such camera now; plug it in, or correct vision.source.device',
    false,
    'place',
  ],
  [webcam, '/dev/video0: Input/output error\n', 'Input/output error', false],
  [
    windowsCam,
    '[dshow @ 0x5] Could not run graph (sometimes caused by a device already in use by other application)\n[in#0 @ 0x5] Error opening input: I/O error\nError opening input file video=FHD Camera.\nError opening input files: I/O error\n',
    `another program ${held}`,
    false,
    'holder',
  ],
  [
    windowsCam,
    '[dshow @ 0x5] Could not find video device with name [FHD Camera] among source devices of type video.\nvideo=FHD Camera: I/O error\n',
    'there is no such camera now; plug it in, or correct vision.source.device',
    false,
    'place',
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

for (const [input, stderr, problem, isRefused, asks] of SAID) {
  test(`${input.kind}: ${problem}, of "${stderr.split('\n', 1)}"`, () => {
    assert.deepEqual(readFfmpegProblem(stderr, input, 'exit code 1'), {
      problem,
      isRefused,
      ...(asks === undefined ? {} : { asks }),
    });
  });
}

test('who holds a camera is named, as far as it is known', () => {
  assert.deepEqual(
    [heldBy([]), heldBy(['obs (process 7)', 'firefox (process 9)'])],
    [`another program ${held}`, `obs (process 7), firefox (process 9) ${held}`],
  );
});
