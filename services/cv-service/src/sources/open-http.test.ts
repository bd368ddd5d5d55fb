import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFailure, describeUrl } from './open-http.ts';

test('a source is named by kind, host, port and path; its secrets are not', () => {
  assert.equal(
    describeUrl('mjpeg', 'http://admin:geheim@cam.local:8080/video.mjpg?token=s3cret#x'),
    'mjpeg cam.local:8080/video.mjpg',
  );
});

test('a name is never longer than a subject may be', () => {
  assert.equal(describeUrl('http', `http://cam/${'x'.repeat(500)}`).length, 120);
});

test('an address that is no URL is said to be one', () => {
  assert.equal(describeUrl('http', 'http://'), 'http at an address that is no URL');
});

test('failures are told in the words of the system', () => {
  const refused = new Error('connect ECONNREFUSED 127.0.0.1:1');
  assert.deepEqual(
    [
      refused,
      new AggregateError([refused, new Error('another')]),
      new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
      'a string',
    ].map(describeFailure),
    [refused.message, refused.message, 'no answer in time', 'a string'],
  );
});
