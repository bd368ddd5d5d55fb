import assert from 'node:assert/strict';
import type { Incident, ServiceName } from '@understudy/shared/contracts';
import { defineError } from '@understudy/shared/errors';
import { waitFor } from '@understudy/shared/testing';
import { LIMIT_MS, type LogLine, type Stack, type StoryLine } from './stack.ts';

export interface ExpectedStory {
  readonly code: string;
  readonly service: ServiceName;
  readonly subject?: string;
  /** Of the labels of all attempts but watches, in their order, a space between. */
  readonly attempts: RegExp;
  /** The commands of each attempt, by its label or what stands before the label's colon; none: it only looked. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
  /** Raised by the supervisor itself (a missed heartbeat): no log line of the service stands at its beginning. */
  readonly foundBySupervisor?: boolean;
  /** The whole of it happened within one trace and one life of the supervisor. Default: yes. */
  readonly inOneTrace?: boolean;
}

const USERS_FIELDS = [
  'timestamp',
  'level',
  'module',
  'message',
  'error_code',
  'context',
  'session_id',
  'user_id',
  'performance_data',
  'service',
  'trace_id',
  'span_id',
] as const;

const RECOVERY_STEPS: ReadonlySet<unknown> = new Set(['opened', 'attempt_finished', 'degraded', 'resolved']);

const traceIdOf = ({ traceparent }: Incident) => traceparent?.split('-')[1];

/** One incident from its error to the verified end: event, decision, actions, probe, states and times, log lines, trace and numbers. */
export async function checkWholeStory(stack: Stack, id: string, expected: ExpectedStory): Promise<Incident> {
  const { incident, story } = await stack.incident(id);
  checkMeaning(incident, expected);
  checkSteps(story, incident);
  checkAttempts(incident, expected);
  for (const errorId of incident.errorIds) {
    assert.deepEqual(
      (await stack.incidents({ error: errorId })).map((found) => found.id),
      [incident.id],
      `error ${errorId} leads to its incident`,
    );
  }
  checkLogLines(stack, incident, expected);
  if (expected.inOneTrace !== false) await checkTrace(stack, incident, expected.service);
  await checkNumbers(stack, incident, expected);
  return incident;
}

function checkMeaning(incident: Incident, { code, service, subject }: ExpectedStory): void {
  const { category, strategy, remedy, userMessage } = defineError(code);
  const { state, acknowledged, essential, parked, ceilings } = incident;
  assert.deepEqual(
    { code: incident.code, service: incident.service, subject: incident.subject, category: incident.category },
    { code, service, subject, category },
  );
  assert.deepEqual(
    { state, strategy: incident.strategy, acknowledged, essential, parked, ceilings },
    { state: 'resolved', strategy, acknowledged: false, essential: false, parked: false, ceilings: {} },
  );
  assert.equal(incident.fingerprint, [service, code, subject].filter(Boolean).join('/'));
  assert.ok(incident.remedy.length > 0 && incident.userMessage.length > 0, `${remedy} ${userMessage}`);
}

function checkSteps(story: readonly StoryLine[], incident: Incident): void {
  const types = story.map(({ type }) => type);
  assert.deepEqual(types.slice(0, 2), ['opened', 'decided']);
  assert.equal(types.at(-1), 'resolved');
  assert.match(story[1]?.text ?? '', new RegExp(`^Decided: ${incident.strategy}, because .`));
  const times = story.map(({ at }) => Date.parse(at));
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
    'steps stand in the order of their times',
  );
  const { openedAt, verifiedAt, resolvedAt } = incident;
  assert.equal(openedAt, story[0]?.at);
  assert.equal(resolvedAt, story.at(-1)?.at);
  assert.ok(verifiedAt !== undefined && openedAt <= verifiedAt, 'verified after it was opened');
  assert.ok(resolvedAt !== undefined && verifiedAt <= resolvedAt, 'resolved once it was verified');
}

function checkAttempts(incident: Incident, { attempts, commands }: ExpectedStory): void {
  const made = incident.attempts.filter(({ label }) => !label.startsWith('watch'));
  assert.match(made.map(({ label }) => label).join(' '), attempts);
  for (const attempt of incident.attempts) {
    const [kind = ''] = attempt.label.split(':');
    assert.deepEqual(
      attempt.commands.map(({ verb }) => verb),
      commands[attempt.label] ?? commands[kind] ?? [],
      `commands of ${attempt.label}`,
    );
  }
  for (const { label, outcome, finishedAt } of incident.attempts)
    assert.ok(outcome !== undefined && finishedAt !== undefined, `${label} has an end`);
  assert.equal(incident.attempts.at(-1)?.verified, true, 'what ended it was proved by its probe');
  const ids = incident.attempts.map(({ commandId }) => commandId);
  assert.equal(new Set(ids).size, ids.length, 'no attempt twice');
}

const linesOf = (stack: Stack, incident: Incident): LogLine[] =>
  stack.logLines('supervisor').filter(({ incident_id }) => incident_id === incident.id);

function checkLogLines(stack: Stack, incident: Incident, expected: ExpectedStory): void {
  const { code, service, foundBySupervisor } = expected;
  const [errorId] = incident.errorIds;
  if (!foundBySupervisor) {
    const line = stack.logLines(service).find(({ context }) => context['error_id'] === errorId);
    assert.ok(line, `${service} logged ${code} ${errorId}`);
    checkFields(line);
    assert.deepEqual(
      { service: line.service, error_code: line.error_code, level: line.level, trace: line.trace_id },
      { service, error_code: code, level: defineError(code).severity, trace: traceIdOf(incident) },
    );
  }
  const lines = linesOf(stack, incident);
  for (const line of lines) checkFields(line);
  const steps = lines.map(({ context }) => context['step']);
  for (const step of ['opened', 'decided', 'attempt_finished', 'resolved'])
    assert.ok(steps.includes(step), `the supervisor logged ${step}`);
}

function checkFields(line: LogLine): void {
  for (const field of USERS_FIELDS) assert.ok(field in line, `${field} is in ${JSON.stringify(line)}`);
}

/** From the error in the service to the supervisor's handling, each command at the owner, and the verified end: one trace. */
async function checkTrace(stack: Stack, incident: Incident, service: ServiceName): Promise<void> {
  const traceId = traceIdOf(incident);
  assert.ok(traceId !== undefined, 'the incident knows its trace');
  // What joined later was detected in the trace of its own error.
  const ofTheRecovery = linesOf(stack, incident).filter(({ context }) => RECOVERY_STEPS.has(context['step']));
  assert.deepEqual([...new Set(ofTheRecovery.map(({ trace_id }) => trace_id))], [traceId]);
  const wanted = [
    ...incident.attempts.flatMap(({ label, startedAt }) =>
      label.startsWith('watch') || startedAt < incident.openedAt ? [] : [`supervisor recover ${label}`],
    ),
    ...incident.attempts.flatMap((attempt) => attempt.commands.map((command) => `${command.service} ${command.verb}`)),
    ...(service === 'supervisor' ? [] : [`${service} probe`]),
  ];
  let missing: string[] = wanted;
  await waitFor(
    () => {
      const names = stack.traces.spans(traceId).map((span) => `${span.service} ${span.name}`);
      missing = wanted.filter((name) => !names.includes(name) && !names.includes(doubled(name)));
      return missing.length === 0;
    },
    'the spans of the recovery',
    LIMIT_MS,
  ).catch((error: Error) => {
    throw new Error(`${error.message}; missing: ${missing.join(', ')}`);
  });
}

/** A command's span is named by its service already. */
const doubled = (name: string): string => `${name.split(' ')[0]} ${name}`;

async function checkNumbers(stack: Stack, incident: Incident, expected: ExpectedStory): Promise<void> {
  const { code, category, strategy } = incident;
  const atLeastOne = async (service: ServiceName, name: string, labels: Readonly<Record<string, string>>) =>
    assert.ok((await stack.metric(service, name, labels)) >= 1, `${service}: ${name} ${JSON.stringify(labels)} moved`);
  if (!expected.foundBySupervisor) {
    await atLeastOne(expected.service, 'error_count_total', { type: category });
    await atLeastOne(expected.service, 'understudy_errors_total', { category, code });
  }
  if (expected.inOneTrace === false) return;
  await atLeastOne('supervisor', 'understudy_incidents_opened_total', { category, code });
  await atLeastOne('supervisor', 'understudy_decisions_total', { type: 'open' });
  await atLeastOne('supervisor', 'understudy_recovery_attempts_total', { strategy, result: 'verified' });
  await atLeastOne('supervisor', 'understudy_recoveries_total', { strategy, outcome: 'recovered' });
  await atLeastOne('supervisor', 'understudy_recovery_duration_seconds_count', { strategy });
  await atLeastOne('supervisor', 'understudy_detection_duration_seconds_count', {});
}

/** One turn is one trace, from the input over the model to every sink. */
export async function checkTurnTrace(stack: Stack, traceId: string, wanted: readonly string[]): Promise<void> {
  let seen: string[] = [];
  await waitFor(
    () => {
      seen = stack.traces.spans(traceId).map(({ name }) => name);
      return wanted.every((name) => seen.includes(name));
    },
    'the spans of the turn',
    LIMIT_MS,
  ).catch((error: Error) => {
    throw new Error(`${error.message} (${wanted.join(', ')}); seen: ${seen.join(', ')}`);
  });
}

export const TURN_SPANS = ['audio-gateway.input', 'llm.turn', 'osc-bridge.deliver', 'audio-gateway.speak'] as const;
