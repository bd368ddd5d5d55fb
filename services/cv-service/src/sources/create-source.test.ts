import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSource, pollIntervalMs } from './create-source.ts';

test('a polled source is asked as often as its frames are looked at, but at least once a second', () => {
  assert.deepEqual([30, 2, 1, 0.1].map(pollIntervalMs), [33, 500, 1000, 1000]);
});

test('each kind of the configuration has its source', () => {
  const described = [
    { kind: 'mjpeg', url: 'http://127.0.0.1:8792/stream.mjpeg' } as const,
    { kind: 'http', url: 'https://camera/frame.jpg' } as const,
    { kind: 'folder', folder: 'shots' } as const,
    { kind: 'rtsp', url: 'rtsp://me:geheim@camera/stage' } as const,
    { kind: 'video', file: 'a.mp4' } as const,
    { kind: 'device', device: '/dev/video0' } as const,
    { kind: 'obs', host: '127.0.0.1', port: 4455, width: 512 } as const,
  ].map((source) => createSource(source, 2, Date).describe());
  assert.deepEqual(described, [
    'mjpeg 127.0.0.1:8792/stream.mjpeg',
    'http camera/frame.jpg',
    'folder shots',
    'rtsp camera/stage',
    'video a.mp4',
    'device /dev/video0',
    'obs 127.0.0.1:4455',
  ]);
});
