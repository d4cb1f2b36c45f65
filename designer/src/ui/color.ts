const palette = new Set(['gray', 'red', 'pink', 'grape', 'violet', 'indigo', 'blue', 'cyan', 'teal', 'green', 'lime', 'yellow', 'orange']);
const synonyms: Record<string, string> = { purple: 'grape', amber: 'yellow', brown: 'orange', black: 'gray', grey: 'gray', slate: 'gray' };

/** CSS value of a palette colour that metadata names; gray for an unknown one. */
export function colorOf(name: string | null | undefined): string {
  const color = synonyms[name ?? ''] ?? name ?? 'gray';
  return `var(--mantine-color-${palette.has(color) ? color : 'gray'}-6)`;
}
