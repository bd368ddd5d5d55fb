import { type Document, isMap, isNode, isScalar, isSeq, type LineCounter } from 'yaml';

/** The line (from 1) on which the last part of the path that is in the text begins: of a value its name's, of a list's entry the entry's. */
export function locateLine(document: Document, lineCounter: LineCounter, path: readonly string[]): number {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const segment of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === segment);
      if (pair === undefined) break;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(segment)];
      if (!isNode(node)) break;
      offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset === undefined ? 1 : lineCounter.linePos(offset).line;
}
