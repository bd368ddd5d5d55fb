/** Targets of the links and images in a Markdown text, without those in code. Inline `[text](target "title")` and reference `[name]: target`. */
export function linkTargets(markdown: string): string[] {
  const prose = withoutCode(markdown);
  const inline = [...prose.matchAll(/\]\(\s*<?([^\s)>]+)>?(?:\s+["'][^)]*)?\s*\)/g)];
  const references = [...prose.matchAll(/^\s{0,3}\[[^\]^]+\]:\s*<?([^\s>]+)>?/gm)];
  return [...inline, ...references].flatMap((match) => match[1] ?? []);
}

/** The anchors that GitHub gives to the headings of a Markdown text: lower case, punctuation dropped, spaces to hyphens, repeats numbered. */
export function headingAnchors(markdown: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutFences(markdown).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map((match) => {
    const text = (match[1] ?? '').replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const anchor = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

const withoutFences = (markdown: string): string => markdown.replaceAll(/^ *(```+|~~~+)[\s\S]*?^ *\1[^\n]*$/gm, '');

const withoutCode = (markdown: string): string => withoutFences(markdown).replaceAll(/(`+)[^`][\s\S]*?\1/g, '');
