import type { SteadyNow } from '../steady-time.ts';
import type { LogHint } from '../vrchat-log/log-state.ts';
import type { Echo, EchoResult } from './echo.ts';
import {
  isAskDue,
  isStale,
  isUnheard,
  isUnproven,
  type Link,
  type LinkLimits,
  NEW_LINK,
  onAsked,
  onAvatarChange,
  onEcho,
  onEchoShown,
  onHeard,
  onNoEcho,
  onTime,
  provenAt,
} from './link.ts';
import { weighPeer } from './peer-evidence.ts';

/** What the rest of the bridge wants to know of the link. */
export interface LinkView {
  readonly link: Link;
  readonly stale: boolean;
  /** It applies what it is sent, but what it sends does not arrive. */
  readonly unheard: boolean;
  /** Silent, and nothing can prove that VRChat is there. */
  readonly unproven: boolean;
}

export interface LinkWatch {
  /** Any message of VRChat. Hot path. */
  heard(): void;
  avatarChanged(): void;
  /** The echo parameter arrived with this value, asked for or not. */
  echoHeard(value: boolean): void;
  /** Asks where it is time. @param inDoubt the sockets give a reason to ask although VRChat is heard */
  beat(inDoubt: boolean): void;
  /** Asks now and takes the answer into account; a second caller gets the answer to the first question. */
  ask(): Promise<EchoResult>;
  view(): LinkView;
}

export interface LinkWatchParts {
  readonly echo: Echo;
  readonly now: SteadyNow;
  readonly limits: () => LinkLimits;
  /** @param provenAt when the link was last proven */
  readonly logHint: (provenAt: number | undefined) => LogHint;
  readonly signal: AbortSignal;
  readonly onChange: (before: LinkView, after: LinkView) => void;
}

export function createLinkWatch({ echo, now, limits, logHint, signal, onChange }: LinkWatchParts): LinkWatch {
  let link = NEW_LINK;
  let asking: Promise<EchoResult> | undefined;

  const viewOf = (of: Link): LinkView => ({
    link: of,
    stale: isStale(of, limits()),
    unheard: isUnheard(of, limits()),
    unproven: isUnproven(of, now(), limits()),
  });
  const become = (next: Link): void => {
    if (next === link) return;
    const before = viewOf(link);
    link = next;
    onChange(before, viewOf(next));
  };
  const question = async (): Promise<EchoResult> => {
    become(onAsked(link, now()));
    const result = await echo.ask(signal);
    if (signal.aborted) return result;
    if (result.proven) become((result.by === 'echo' ? onEcho : onEchoShown)(link, now()));
    else if (!result.undecided)
      become(onNoEcho(link, limits(), weighPeer(result.peer, logHint(provenAt(link))), result.parameter));
    return result;
  };
  const ask = (): Promise<EchoResult> => {
    asking ??= question().finally(() => {
      asking = undefined;
    });
    return asking;
  };
  const heard = (): void => {
    const at = now();
    // While connected only the time changes: nobody needs to be told.
    if (link.state === 'connected') link = { ...link, heardAt: at, unanswered: 0, unheard: 0 };
    else become(onHeard(link, at));
  };

  return {
    heard,
    avatarChanged: () => become(onAvatarChange(link, now())),
    echoHeard(value) {
      if (echo.heard(value)) become(onEcho(link, now()));
      else heard();
    },
    beat(inDoubt) {
      const at = now();
      become(onTime(link, at, limits()));
      const doubtDue = inDoubt && at - (link.askedAt ?? Number.NEGATIVE_INFINITY) >= limits().echoIntervalMs;
      if (!asking && (doubtDue || isAskDue(link, at, limits()))) void ask();
    },
    ask,
    view: () => viewOf(link),
  };
}
