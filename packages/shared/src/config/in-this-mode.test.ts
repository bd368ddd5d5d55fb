import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inThisMode } from './in-this-mode.ts';

const MODES = {
  native: {},
  'on the host beside the stack': { UNDERSTUDY_HOSTS: 'cv-service=host.docker.internal' },
  'in the stack': { UNDERSTUDY_HOSTS: 'supervisor=supervisor cv-service=host.docker.internal' },
} as const;

describe('a remedy', () => {
  for (const [text, native, inStack] of [
    [
      'then `understudy reload`.',
      'then `npx understudy reload`.',
      'then `docker compose exec supervisor understudy reload`.',
    ],
    ['npx understudy watch', 'npx understudy watch', 'docker compose exec supervisor understudy watch'],
    ['Start it by: npm start', 'Start it by: npm start', 'Start it by: docker compose up -d'],
    ['npm start -- --faults', 'npm start -- --faults', 'UNDERSTUDY_FAULTS=on docker compose up -d'],
    [
      'TOKEN (the token is in .understudy/token)',
      'TOKEN (the token is in .understudy/token)',
      'TOKEN (the token is what docker compose exec supervisor cat /app/secrets/token prints)',
    ],
    ['the understudy of the show', 'the understudy of the show', 'the understudy of the show'],
  ] as const)
    it(`"${text}" names the commands of its reader, and keeps them when it is told again`, () => {
      const told = Object.values(MODES).map((env) => inThisMode(text, env));
      assert.deepEqual(told, [native, native, inStack]);
      assert.deepEqual(
        Object.values(MODES).map((env, index) => inThisMode(told[index] ?? '', env)),
        told,
      );
    });
});
