import type { Detections, Found, Gesture } from '../child/look-messages.ts';
import type { Change } from './notice-changes.ts';

/** A change must hold for so many looks in a row: a model that wavers at its limit is not news. */
const STABLE_LOOKS = 2;

type Counted = 'people' | 'faces' | 'hands';
const COUNTED: readonly Counted[] = ['people', 'faces', 'hands'];

/** What was told last, and what has been seen instead of it since. */
interface Known {
  readonly told: number;
  readonly seen: number;
  readonly looks: number;
}
const NOTHING: Known = { told: 0, seen: 0, looks: 0 };

/** By kind, and by gesture. */
export type ToldDetections = Readonly<Partial<Record<Counted | Gesture, Known>>>;

const WORDS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];
const inWords = (count: number): string => WORDS[count] ?? 'More than ten';

const SUMMARIES: Record<Counted, (count: number) => string> = {
  people(count) {
    if (count === 0) return 'Nobody is in view any more.';
    return count === 1 ? 'One person is in view.' : `${inWords(count)} people are in view.`;
  },
  faces(count) {
    if (count === 0) return 'No face can be seen any more.';
    return count === 1 ? 'One face can be seen.' : `${inWords(count)} faces can be seen.`;
  },
  hands(count) {
    if (count === 0) return 'No hand can be seen any more.';
    return count === 1 ? 'One hand can be seen.' : `${inWords(count)} hands can be seen.`;
  },
};

const SHOWN: Record<Gesture, string> = {
  'thumbs up': 'a thumbs up',
  victory: 'the victory sign',
  point: 'a pointing finger',
  'open palm': 'an open palm',
};

/** @returns whether the change is stable, and what is known then */
function follow(known: Known, count: number): { readonly isNews: boolean; readonly known: Known } {
  if (count === known.told) return { isNews: false, known: { told: count, seen: count, looks: 0 } };
  const looks = count === known.seen ? known.looks + 1 : 1;
  if (looks < STABLE_LOOKS) return { isNews: false, known: { told: known.told, seen: count, looks } };
  return { isNews: true, known: { told: count, seen: count, looks: 0 } };
}

/** What in one look of the models is worth telling. The end of a gesture is not. */
export function noticeDetections(
  detections: Detections,
  told: ToldDetections,
): { readonly changes: readonly Change[]; readonly told: ToldDetections } {
  const changes: Change[] = [];
  const next: Partial<Record<Counted | Gesture, Known>> = { ...told };

  function notice(name: Counted | Gesture, { count }: Found): boolean {
    const { isNews, known } = follow(told[name] ?? NOTHING, count);
    next[name] = known;
    return isNews;
  }
  for (const kind of COUNTED) {
    const found = detections[kind];
    if (found === undefined || !notice(kind, found)) continue;
    changes.push({ kind, summary: SUMMARIES[kind](found.count), confidence: found.confidence, value: found.count });
  }
  if (detections.gestures !== undefined) {
    for (const [gesture, shown] of Object.entries(SHOWN) as [Gesture, string][]) {
      const found = detections.gestures.find((made) => made.gesture === gesture) ?? { count: 0, confidence: 0 };
      if (!notice(gesture, found) || found.count === 0) continue;
      const { count, confidence } = found;
      changes.push({ kind: 'gesture', summary: `Somebody shows ${shown}.`, confidence, value: count });
    }
  }
  return { changes, told: next };
}
