import assert from 'node:assert/strict';
import { it } from 'node:test';
import { proveSelf } from './self-proofs.ts';

it('the supervisor proves what it can of itself and says what it cannot', async () => {
  const prove = proveSelf({ disk: async (subject) => ({ ok: true, detail: `${subject} can be written` }) });
  assert.deepEqual(await prove({ what: 'disk', subject: 'data' }), { ok: true, detail: 'data can be written' });
  assert.deepEqual(await prove({ what: 'osc-echo' }), { ok: false, detail: 'the supervisor has no probe osc-echo' });
});
