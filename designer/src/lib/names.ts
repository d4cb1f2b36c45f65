/** A name for metadata, such as a rule's, made from what people call it. */
export function nameFrom(label: string, taken: readonly string[]): string {
  const plain = label.normalize('NFD').replace(/\p{Diacritic}/gu, '').replaceAll('ß', 'ss').toLowerCase();
  const start = plain.replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '').slice(0, 50) || 'rule';
  for (let number = 1; ; number++) {
    const name = number === 1 ? start : `${start}_${number}`;
    if (!taken.includes(name)) return name;
  }
}

/** What people read in place of a name of metadata that has no label at hand: `contract_user` is "Contract user". */
export function wordsOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
