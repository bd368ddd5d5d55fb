import type { Clock } from '@understudy/shared/service';
import { AVATAR_PAUSE_MS } from '../link/link.ts';
import type { OscQuery } from '../osc-query/osc-query.ts';
import type { AvatarParameters, ParameterFact } from './avatar-parameters.ts';

export interface AvatarSyncParts {
  readonly clock: Clock;
  readonly oscQuery: OscQuery;
  readonly parameters: AvatarParameters;
  readonly signal: AbortSignal;
  /** The avatar is ready for parameters; `facts` are all that it has, where OSCQuery tells. */
  readonly onReady: (facts: ReadonlyMap<string, ParameterFact> | undefined) => void;
}

/** No parameter is sent while an avatar loads; then its parameters are learned, and it is ready. */
export interface AvatarSync {
  /** An avatar was put on, or VRChat is back; a newer call replaces an older one. */
  begin(): Promise<void>;
  isPaused(): boolean;
}

export function createAvatarSync({ clock, oscQuery, parameters, signal, onReady }: AvatarSyncParts): AvatarSync {
  let newest = 0;
  let done = 0;
  return {
    async begin() {
      newest += 1;
      const mine = newest;
      parameters.forget();
      await clock.sleep(AVATAR_PAUSE_MS, signal).catch(() => undefined);
      if (mine !== newest || signal.aborted) return;
      const answer = await oscQuery.ask(signal);
      if (mine !== newest || signal.aborted) return;
      if (answer.peer === 'gone') oscQuery.distrust();
      const facts = answer.peer === 'runs' ? answer.parameters : undefined;
      if (facts) parameters.learnAll(facts);
      done = mine;
      onReady(facts);
    },
    isPaused: () => done !== newest,
  };
}
