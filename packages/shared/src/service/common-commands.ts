import {
  type Capability,
  COMMANDS,
  createValidator,
  type Level,
  type Observed,
  type ProbeName,
  type RecoveryCommand,
  type RecoveryResult,
  type SupervisedService,
} from '../contracts/index.ts';
import type { CommandOutcome, Probe, ProbeResult, ServiceParts } from './service-context.ts';

type Handler = (args: never, signal: AbortSignal) => Promise<CommandOutcome & Pick<ProbeResult, 'gone'>>;

export interface CommandTableOptions<S extends SupervisedService> {
  readonly service: S;
  /** `undefined` while the service is parked: then only `resume` and the skeleton's own verbs are answered. */
  readonly parts: () => ServiceParts<S> | undefined;
  readonly skeletonProbes: Partial<Record<ProbeName, Probe>>;
  readonly setCeiling: (capability: Capability, level: Level, by: string) => void;
  readonly recycle: () => void;
  readonly reload: () => ProbeResult;
  readonly resume: () => ProbeResult;
  readonly observed: () => Observed;
}

const LONGEST_SUBJECT = 120;
/** A name that was cut or redacted on its way into an error is no longer the one in the configuration. */
const isWhole = (subject = ''): boolean => subject.length < LONGEST_SUBJECT && !subject.includes('[');

/** The verbs of every service, and the service's own, behind the one schema table. */
export function createCommandTable<S extends SupervisedService>(options: CommandTableOptions<S>) {
  const schemas = Object.entries(COMMANDS[options.service]).map(
    ([verb, schema]) => [verb, createValidator(schema)] as const,
  );
  const validators = new Map(schemas);

  const probe = async (
    { what, subject }: { what: ProbeName; subject?: string },
    signal: AbortSignal,
  ): Promise<ProbeResult> => {
    const run = options.parts()?.probes[what] ?? options.skeletonProbes[what];
    if (!run) return { ok: false, detail: `${options.service} has no probe ${what}` };
    const { gone = false, ...proof } = await run(subject, signal);
    return { ...proof, gone: gone && isWhole(subject) };
  };
  const common: Record<string, Handler> = {
    probe,
    'set-ceiling': async ({ capability, level, by }: { capability: Capability; level: Level; by: string }) => {
      options.setCeiling(capability, level, by);
      return { ok: true, detail: `${capability} may be ${level} (${by})` };
    },
    shed: async ({ what }: { what: 'caches' | 'features' }) => {
      const given = (await options.parts()?.shed?.(what)) ?? 'nothing to give back';
      globalThis.gc?.();
      return { ok: true, detail: given };
    },
    restore: async () => {
      await options.parts()?.restore?.();
      return { ok: true, detail: 'features restored' };
    },
    recycle: async () => {
      options.recycle();
      return { ok: true, detail: 'ends at the next safe moment' };
    },
    reload: async () => options.reload(),
    resume: async () => options.resume(),
  };

  return async (command: RecoveryCommand): Promise<RecoveryResult> => {
    const result = (
      outcome: RecoveryResult['outcome'],
      detail: string,
      data?: Record<string, unknown>,
    ): RecoveryResult => ({
      commandId: command.id,
      outcome,
      detail: detail.slice(0, 500),
      ...(data ? { data } : {}),
      observed: options.observed(),
    });
    const own = options.parts()?.commands as Record<string, Handler> | undefined;
    const handler = common[command.verb] ?? own?.[command.verb];
    const validate = validators.get(command.verb);
    if (!handler || !validate) return result('refused', `${options.service} does not know ${command.verb} now`);
    const checked = validate(command.args);
    if (!checked.ok) return result('refused', `${command.verb}: ${checked.reason}`);
    const { ok, gone, detail, data } = await handler(
      checked.value as never,
      AbortSignal.timeout(Math.max(1, command.deadlineMs)),
    );
    return result(ok ? 'done' : gone ? 'gone' : 'failed', detail, data);
  };
}
