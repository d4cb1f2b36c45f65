/** Where a property's value stands in the text of a JSON object: from its first to behind its last character. */
function valueOf(text: string, name: string): { start: number; end: number } | undefined {
  let depth = 0;
  let start = -1;
  let key = '';
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') {
      const end = endOfText(text, at);
      if (depth === 1 && start < 0) key = JSON.parse(text.slice(at, end)) as string;
      at = end;
      continue;
    }
    if (depth === 1 && (character === ',' || character === '}') && start >= 0) return { start, end: text.slice(start, at).trimEnd().length + start };
    if (character === '{' || character === '[') depth++;
    if (character === '}' || character === ']') depth--;
    if (depth === 1 && character === ':' && start < 0 && key === name) start = at + 1 + (/^\s*/.exec(text.slice(at + 1))?.[0].length ?? 0);
    at++;
  }
  return undefined;
}

function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

/** The text of a JSON object with another value of a property; all else stays as it was written. */
export function withProperty(text: string, name: string, value: unknown): string {
  const written = JSON.stringify(value, null, 2).replaceAll('\n', '\n  ');
  const place = valueOf(text, name);
  if (place) return text.slice(0, place.start) + written + text.slice(place.end);
  const end = text.lastIndexOf('}');
  const before = text.slice(0, end).trimEnd();
  return `${before}${before.endsWith('{') ? '' : ','}\n  ${JSON.stringify(name)}: ${written}\n${text.slice(end)}`;
}
