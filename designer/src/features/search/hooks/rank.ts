/** What is compared: small letters without accents. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{Diacritic}/gu, '').replaceAll('ß', 'ss').toLowerCase();
}

/** How well a label fits what was typed: 0 is best, null not at all. Each word must occur in the label or in what stands beside it. */
export function rank(typed: string, label: string, beside = ''): number | null {
  const wanted = plain(typed).trim();
  const name = plain(label);
  if (wanted === '' || name.startsWith(wanted)) return 0;
  if (name.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted))) return 1;
  if (name.includes(wanted)) return 2;
  const all = `${name} ${plain(beside)}`;
  return wanted.split(/\s+/).every((word) => all.includes(word)) ? 3 : null;
}

/** Those that fit, the best first; equally good ones stay in their order. */
export function fitting<T>(items: readonly T[], typed: string, labelOf: (item: T) => string, besideOf: (item: T) => string, most: number): T[] {
  const ranked = items.flatMap((item) => {
    const value = rank(typed, labelOf(item), besideOf(item));
    return value === null ? [] : [{ item, value }];
  });
  return ranked.sort((left, right) => left.value - right.value).slice(0, most).map(({ item }) => item);
}
