import type { Clock } from '@understudy/shared/service';

export type Look = () => void | Promise<void>;

/**
 * Looks at once and again a while after everything has been looked at. A look that fails says so once, until it succeeds again; the
 * others go on.
 */
export async function watchSurroundings(
  looks: Readonly<Record<string, Look>>,
  {
    clock,
    everyMs,
    signal,
    onFailed,
  }: {
    readonly clock: Pick<Clock, 'sleep'>;
    readonly everyMs: number;
    readonly signal: AbortSignal;
    readonly onFailed: (what: string, error: unknown) => void;
  },
): Promise<void> {
  const failing = new Set<string>();
  const lookOnce = async ([what, look]: [string, Look]): Promise<void> => {
    try {
      await look();
      failing.delete(what);
    } catch (error) {
      if (!failing.has(what)) onFailed(what, error);
      failing.add(what);
    }
  };
  while (!signal.aborted) {
    await Promise.all(Object.entries(looks).map(lookOnce));
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
}
