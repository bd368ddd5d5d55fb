import type { Clock } from '@understudy/shared/service';
import { AVATAR_PAUSE_MS } from './link/link.ts';
import type { OscQuery } from './osc-query/osc-query.ts';
import type { AvatarParameters, ParameterFact } from './parameters/avatar-parameters.ts';

export interface AvatarSyncParts {
  readonly clock: Clock;
  readonly oscQuery: OscQuery;
  /** The list that VRChat wrote for an avatar; undefined: none, or no folder to look into. Never throws. */
  readonly readAvatarFile: (avatarId: string) => Promise<ReadonlyMap<string, ParameterFact> | undefined>;
  readonly parameters: AvatarParameters;
  readonly signal: AbortSignal;
  /** The avatar is ready for parameters; `facts` are all that it has, where something tells. */
  readonly onReady: (facts: ReadonlyMap<string, ParameterFact> | undefined) => void;
}

/** No parameter is sent while an avatar loads; then its parameters are learned, and it is ready. */
export interface AvatarSync {
  /**
   * An avatar was put on, or VRChat is back; a newer call begins the pause anew.
   * @param avatarId undefined: the one that was put on last, as far as is known
   */
  begin(avatarId?: string): Promise<void>;
  isPaused(): boolean;
}

export function createAvatarSync(parts: AvatarSyncParts): AvatarSync {
  const { clock, oscQuery, readAvatarFile, parameters, signal, onReady } = parts;
  let newest = 0;
  let done = 0;
  let readyAt = 0;
  let worn: string | undefined;
  let running: Promise<void> | undefined;

  const learn = async (mine: number): Promise<ReadonlyMap<string, ParameterFact> | undefined> => {
    const answer = await oscQuery.ask(signal);
    if (answer.peer === 'gone') oscQuery.distrust();
    const from = answer.peer === 'runs' ? 'oscquery' : 'avatar_file';
    const facts = answer.peer === 'runs' ? answer.parameters : worn && (await readAvatarFile(worn));
    if (!facts || mine !== newest) return undefined;
    parameters.learnAll(facts, from);
    return facts;
  };
  // One at a time: a thousand changes a second are one pause, not a thousand.
  const run = async (): Promise<void> => {
    while (done !== newest && !signal.aborted) {
      const mine = newest;
      // Learning may have taken longer than the next pause.
      await clock.sleep(Math.max(0, readyAt - clock.now()), signal).catch(() => undefined);
      if (mine !== newest || signal.aborted) continue;
      const facts = await learn(mine);
      if (mine !== newest || signal.aborted) continue;
      done = mine;
      onReady(facts);
    }
  };
  return {
    begin(avatarId) {
      newest += 1;
      readyAt = clock.now() + AVATAR_PAUSE_MS;
      worn = avatarId ?? worn;
      parameters.forget();
      running ??= run().finally(() => {
        running = undefined;
      });
      return running;
    },
    isPaused: () => done !== newest,
  };
}
