import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEMO_CONFIG, readSimulatorsConfig, SimulatorsConfigError } from './simulators-config.ts';

test('without JSON all simulators run on the ports of the demo', () => {
  assert.equal(readSimulatorsConfig(undefined), DEMO_CONFIG);
  assert.deepEqual(readSimulatorsConfig(JSON.stringify(DEMO_CONFIG)), DEMO_CONFIG);
});

test('a simulator whose key is missing does not run', () => {
  const config = { control: { port: 0 }, camera: { port: 0 } };
  assert.deepEqual(readSimulatorsConfig(JSON.stringify(config)), config);
});

const EXAMPLE = 'Example: {"control":{"port":8790},"camera":{"port":8792}}';
const rows: [json: string, message: RegExp | string][] = [
  ['{', /^The simulators' configuration is no JSON \(SyntaxError: .*\)\. Example: /],
  ['{}', `The simulators' configuration is wrong: / must have required properties control. ${EXAMPLE}`],
  ['{"control":{"port":"8790"}}', `The simulators' configuration is wrong: /control/port must be integer. ${EXAMPLE}`],
  [
    '{"control":{"port":1},"camra":{"port":2}}',
    `The simulators' configuration is wrong: /camra is not known. ${EXAMPLE}`,
  ],
];

for (const [json, message] of rows) {
  test(`refused: ${json}`, () => {
    assert.throws(
      () => readSimulatorsConfig(json),
      (error) => {
        assert.ok(error instanceof SimulatorsConfigError);
        if (typeof message === 'string') assert.equal(error.message, message);
        else assert.match(error.message, message);
        return true;
      },
    );
  });
}
