import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Incident } from '@understudy/shared/contracts';
import { waitFor } from '@understudy/shared/testing';
import { breakContainer } from './container-faults.ts';
import { type Expected, type FaultCase, faultCases } from './fault-table.ts';
import { describeOnEngine } from './on-engine.ts';
import { type ComposeStack, LIMIT_MS, startStack } from './stack.ts';

const isAll = process.env['UNDERSTUDY_COMPOSE_ALL'] === '1';
const cases = faultCases(isAll);
const rules = new Set(cases.flatMap(({ expected }) => (expected.by === 'rule' ? [expected.alertname] : [])));
/** A turn's own budget, and what a busy machine adds. */
const ANSWER_LIMIT_MS = 30_000;

/** The whole of it: what broke in this round, and what joined it. */
const causesOf = ({ fingerprint, members }: Incident) => [fingerprint, ...members.map((member) => member.fingerprint)];

describeOnEngine('a container that is killed, frozen or cut off', () => {
  let stack: ComposeStack;
  before(async () => {
    // Each is broken several times within minutes, on purpose.
    stack = await startStack({ config: { recovery: { restart_intensity: { max_starts: 50 } } } });
  });
  after(() => stack.close());

  const answers = async (container: string): Promise<void> => {
    // Viewers reach the llm-service when the audio-gateway is away, as the command line does.
    const response = await fetch(
      stack.url(container === 'audio-gateway' ? 'llm-service' : 'audio-gateway', '/v1/input'),
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text: `Is anybody there, now that ${container} is away?` }),
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      },
    );
    const { message } = (await response.json()) as { message?: string };
    assert.ok(message, `an answer, not ${response.status}`);
  };

  /** Until the failure is known and the operator's webhook has heard of it. */
  const isNoticed = async (expected: Expected, since: string, from: number): Promise<void> => {
    if (expected.by === 'nobody') return;
    if (expected.by === 'rule') {
      await stack.notices.waitFor('firing', { alertname: expected.alertname }, LIMIT_MS, from);
      return;
    }
    const { of, code, told } = expected;
    const { id } = await waitFor(
      async () =>
        (await stack.incidents().catch(() => [])).find(
          (one) => one.updatedAt >= since && causesOf(one).some((cause) => cause.startsWith(`${of}/${code}`)),
        ),
      `an incident with ${of}/${code}`,
      LIMIT_MS,
    );
    if (told === 'nothing') return;
    const notice = await stack.notices.waitFor('firing', { incident_id: id }, LIMIT_MS, from);
    assert.match(notice.annotations['remedy'] ?? notice.annotations['description'] ?? '', /\w/);
  };

  const isToldAlone = (code: string, from: number): void => {
    const others = stack.notices
      .received()
      .slice(from)
      .filter(({ status, labels }) => status === 'firing' && labels['alertname'] !== code);
    assert.deepEqual(
      others.map(({ labels }) => labels),
      [],
    );
  };

  /** Rules about objectives look back for an hour; what broke is over at once. */
  const stillTold = () =>
    stack.notices
      .open()
      .filter(({ labels }) => labels['incident_id'] !== undefined || rules.has(labels['alertname'] ?? ''));
  const isToldAsOver = async () => {
    await waitFor(() => stillTold().length === 0, 'everything that was told to be told as over', LIMIT_MS).catch(
      (error: Error) => {
        throw new Error(`${error.message}; not yet: ${JSON.stringify(stillTold().map(({ labels }) => labels))}`);
      },
    );
  };

  const play = async ({ container, fault, expected }: FaultCase): Promise<void> => {
    // What breaks again before its end was told is no news to anybody.
    if (isAll) await isToldAsOver();
    const startedAt = await stack.inspect<string>(container, '.State.StartedAt');
    const since = new Date().toISOString();
    const from = stack.notices.received().length;
    const mend = await breakContainer(stack, container, fault);
    try {
      await answers(container);
      await isNoticed(expected, since, from);
    } finally {
      await mend();
    }
    if (fault === 'kill')
      await waitFor(
        async () => (await stack.inspect<string>(container, '.State.StartedAt')) !== startedAt,
        'its restart policy',
        LIMIT_MS,
      );
    await stack.waitForCalm();
    await answers(container);
    if (expected.by === 'incident' && expected.told === 'alone') isToldAlone(expected.code, from);
  };

  for (const row of cases)
    test(`${row.container}: ${row.fault}, told by ${row.expected.by === 'incident' ? row.expected.code : row.expected.by}`, () =>
      play(row));

  test('whatever was told is told as over', isToldAsOver);

  test('those who watch work again: a notice goes the whole way, and every target is read', async () => {
    assert.equal((await stack.understudy('notify-test')).code, 0);
    const up = 'count(up{job="services"} == 1)';
    await waitFor(
      async () => {
        const response = await fetch(`${stack.url('prometheus', '/api/v1/query')}?query=${encodeURIComponent(up)}`);
        const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
        return data.result[0]?.value[1] === '5';
      },
      'five services in Prometheus',
      LIMIT_MS,
    );
  });
});
