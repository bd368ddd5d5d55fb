import {
  type Capability,
  type Ceilings,
  combine,
  FULL_CEILINGS,
  type Incident,
  LEVELS,
  type LevelBy,
  type ModeChange,
  type Observed,
  SERVICES,
  type SupervisedService,
  solveMode,
} from '@understudy/shared/contracts';

const lower = (a: LevelBy, b: LevelBy): LevelBy => (LEVELS.indexOf(b.level) < LEVELS.indexOf(a.level) ? b : a);

/** Pure: what the open incidents together let the bot do. */
export function ceilingsOf(open: readonly Incident[]): { ceilings: Ceilings; essential: boolean } {
  const essential = open.some((incident) => incident.essential);
  const start: Ceilings = essential ? { ...FULL_CEILINGS, see: { level: 'off', by: 'essential_mode' } } : FULL_CEILINGS;
  const of = (capability: Capability) =>
    open.flatMap(({ ceilings }) => ceilings[capability] ?? []).reduce(lower, start[capability]);
  return {
    ceilings: { hear: of('hear'), speak: of('speak'), think: of('think'), act: of('act'), see: of('see') },
    essential,
  };
}

/** What each owner observes, and what the incidents allow: together the mode. */
export function createCapabilityBoard() {
  const observed: Observed = {};
  return {
    /** What the owner reports; of another's capability it has no say. @returns those that changed */
    observe(owner: SupervisedService, reported: Observed): Capability[] {
      return SERVICES[owner].capabilities.filter((capability) => {
        const [before, now] = [observed[capability], reported[capability]];
        if (!now || (now.level === before?.level && now.by === before.by)) return false;
        observed[capability] = now;
        return true;
      });
    },
    /** A service that says nothing does nothing for the bot. */
    silence(owner: SupervisedService): void {
      for (const capability of SERVICES[owner].capabilities)
        observed[capability] = { level: 'off', by: 'service_silent' };
    },
    /** Nothing is known of it any more. */
    forget(owner: SupervisedService): void {
      for (const capability of SERVICES[owner].capabilities) delete observed[capability];
    },
    solve(open: readonly Incident[], nowMs: number): ModeChange {
      const { ceilings, essential } = ceilingsOf(open);
      const capabilities = combine(observed, ceilings);
      return { ...solveMode(capabilities, essential), essential, capabilities, at: new Date(nowMs).toISOString() };
    },
  };
}
export type CapabilityBoard = ReturnType<typeof createCapabilityBoard>;
