import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseMode } from './choose-mode.ts';

/** Answers of docker by its first argument; what is not named fails. */
const docker = (answers: Record<string, string>) => async (args: readonly string[]) => answers[args[0] ?? ''];
const ALL = { info: '28.5.1\n', compose: 'understudy:dev\nnats:2.15\n', image: 'sha256:1\nsha256:2\n' };
const FILE = '/checkout/docker-compose.yml';

const cases = [
  {
    name: '--native forces the native start',
    facts: { nativeAsked: true, configNamed: false, composeFile: FILE, docker: docker(ALL) },
    choice: { mode: 'native', why: '--native was given' },
  },
  {
    name: 'a configuration of its own forces it, too',
    facts: { nativeAsked: false, configNamed: true, composeFile: FILE, docker: docker(ALL) },
    choice: {
      mode: 'native',
      why: 'the Compose stack reads config/understudy.yaml, and UNDERSTUDY_CONFIG names another',
    },
  },
  {
    name: 'without a Compose file docker is not even asked',
    facts: {
      nativeAsked: false,
      configNamed: false,
      composeFile: undefined,
      docker: async () => assert.fail('docker was asked'),
    },
    choice: { mode: 'native', why: 'this checkout has no docker-compose.yml' },
  },
  {
    name: 'no engine',
    facts: { nativeAsked: false, configNamed: false, composeFile: FILE, docker: docker({}) },
    choice: { mode: 'native', why: 'no Docker engine answers' },
  },
  {
    name: 'a Compose file that docker cannot read',
    facts: { nativeAsked: false, configNamed: false, composeFile: FILE, docker: docker({ info: ALL.info }) },
    choice: { mode: 'native', why: `docker compose cannot read ${FILE}` },
  },
  {
    name: 'an image is missing',
    facts: {
      nativeAsked: false,
      configNamed: false,
      composeFile: FILE,
      docker: docker({ info: ALL.info, compose: ALL.compose }),
    },
    choice: {
      mode: 'native',
      why: 'not every image of docker-compose.yml is at hand (docker compose build and pull bring them)',
    },
  },
  {
    name: 'engine and images at hand',
    facts: { nativeAsked: false, configNamed: false, composeFile: FILE, docker: docker(ALL) },
    choice: { mode: 'compose', composeFile: FILE, why: 'a Docker engine answers and every image is at hand' },
  },
] as const;

for (const { name, facts, choice } of cases) test(name, async () => assert.deepEqual(await chooseMode(facts), choice));
