import type { Box, HumanResult } from './human-library.ts';
import { type Detections, type DetectionWish, type Found, GESTURES, MAX_FOUND } from './look-messages.ts';

const round = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 100) / 100;

function found(scores: readonly number[], minConfidence: number): Found {
  const sure = scores.filter((score) => score >= minConfidence).slice(0, MAX_FOUND);
  return { count: sure.length, confidence: round(sure.length === 0 ? 1 - minConfidence : Math.min(...sure)) };
}

const isInside = ([x, y, width, height]: Box, [left, top, across, down]: Box): boolean => {
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  return middleX >= left && middleX <= left + across && middleY >= top && middleY <= top + down;
};

/** The model for hands takes a face for a fist: what lies within a face is no hand. */
const handsOf = ({ hand, face }: HumanResult): HumanResult['hand'][number][] =>
  hand.filter(({ box }) => !face.some((seen) => isInside(box, seen.box)));

function gesturesOf(result: HumanResult, minConfidence: number): Detections['gestures'] {
  const hands = new Set(handsOf(result));
  return GESTURES.flatMap((gesture) => {
    const scores = result.gesture
      .filter((made) => made.gesture === gesture)
      .flatMap(({ hand = -1 }) => result.hand[hand] ?? [])
      .filter((hand) => hands.has(hand))
      .map(({ score }) => score);
    const { count, confidence } = found(scores, minConfidence);
    return count === 0 ? [] : [{ gesture, count, confidence }];
  });
}

/** What of a result was asked for, counted and bounded: neither places nor features of anybody leave the child. */
export function readDetections(result: HumanResult, { kinds, minConfidence }: DetectionWish): Detections {
  const people = result.object.filter(({ label }) => label === 'person');
  const scores = (seen: readonly { readonly score: number }[]): number[] => seen.map(({ score }) => score);
  return {
    ...(kinds.includes('people') ? { people: found(scores(people), minConfidence) } : {}),
    ...(kinds.includes('faces') ? { faces: found(scores(result.face), minConfidence) } : {}),
    ...(kinds.includes('hands') ? { hands: found(scores(handsOf(result)), minConfidence) } : {}),
    ...(kinds.includes('gestures') ? { gestures: gesturesOf(result, minConfidence) ?? [] } : {}),
  };
}
