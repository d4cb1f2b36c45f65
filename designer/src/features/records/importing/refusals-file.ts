import type { ImportRefusal } from '../api/import-file';

// A spreadsheet would run such a text as a formula.
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

function cell(value: string): string {
  return `"${(formula.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;
}

/** The mistakes of a file as CSV. */
export function refusalsCsv(refusals: readonly ImportRefusal[], headings: readonly string[]): string {
  const rows = refusals.map((refusal) => [String(refusal.line), cell(refusal.column ?? ''), cell(refusal.message)].join(','));
  return `\uFEFF${[headings.map(cell).join(','), ...rows].join('\r\n')}\r\n`;
}

/** Has the browser save a text as a file. */
export function saveText(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
