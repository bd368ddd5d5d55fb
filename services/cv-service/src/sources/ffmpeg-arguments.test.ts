import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ffmpegCommand } from './ffmpeg-arguments.ts';

test('a camera of this machine is opened by V4L2, on Windows by DirectShow with its name', () => {
  function inputOf(device: string, platform: NodeJS.Platform): string {
    const given = ffmpegCommand({ kind: 'device', device }, 5, platform).arguments;
    return given.slice(given.indexOf('-f'), given.indexOf('-map')).join(' ');
  }
  assert.deepEqual(
    [inputOf('/dev/video0', 'linux'), inputOf('OBS Virtual Camera', 'win32')],
    ['-f v4l2 -i /dev/video0', '-f dshow -rtbufsize 64M -i video=OBS Virtual Camera'],
  );
});
