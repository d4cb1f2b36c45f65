const plain = /^-?\d+(\.\d+)?$/;

/** A number, or the exact text of one, as Intl takes it; null for anything else. */
function numeric(value: unknown): number | `${number}` | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && plain.test(value) ? (value as `${number}`) : null;
}

/** Writes a number in a language. `scale`: digits after the point, all of them shown. */
export function formatNumber(value: unknown, language: string, scale?: { least: number; most: number }): string {
  const number = numeric(value);
  if (number === null) return String(value);
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: scale?.least ?? 0,
    maximumFractionDigits: scale?.most ?? 10,
  }).format(number);
}

/** Writes an amount with its currency; without one as a number with two digits. */
export function formatMoney(value: unknown, currency: unknown, language: string): string {
  const number = numeric(value);
  if (number === null) return String(value);
  if (typeof currency !== 'string' || !/^[A-Za-z]{3}$/.test(currency)) return formatNumber(number, language, { least: 2, most: 4 });
  return new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(number);
}

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Writes a date (`2026-11-22`), which has no time zone. */
export function formatDate(value: unknown, language: string): string {
  const match = datePattern.exec(String(value));
  if (!match) return String(value);
  const day = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(day);
}

/** Writes a moment in the reader's time zone. */
export function formatDateTime(value: unknown, language: string): string {
  const moment = new Date(String(value));
  if (Number.isNaN(moment.getTime())) return String(value);
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(moment);
}

/** Writes a time of day (`09:30:00`). */
export function formatTime(value: unknown, language: string): string {
  const match = /^(\d{2}):(\d{2})/.exec(String(value));
  if (!match) return String(value);
  const moment = new Date(Date.UTC(2000, 0, 1, Number(match[1]), Number(match[2])));
  return new Intl.DateTimeFormat(language, { timeStyle: 'short', timeZone: 'UTC' }).format(moment);
}

/** Writes a duration, given in seconds, as `2d 3h 15m`. */
export function formatDuration(value: unknown): string {
  const seconds = Number(value);
  if (!Number.isFinite(seconds)) return String(value);
  const parts: [number, string][] = [
    [Math.floor(Math.abs(seconds) / 86_400), 'd'],
    [Math.floor((Math.abs(seconds) % 86_400) / 3_600), 'h'],
    [Math.floor((Math.abs(seconds) % 3_600) / 60), 'm'],
    [Math.abs(seconds) % 60, 's'],
  ];
  const text = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount}${unit}`).join(' ');
  return `${seconds < 0 ? '-' : ''}${text || '0m'}`;
}

const unitSeconds: Record<string, number> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };

/** Reads `2d 3h`, `1:30`, `90` (minutes); null where it is no duration. Answers seconds. */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim().toLowerCase();
  const clock = /^(\d+):([0-5]?\d)$/.exec(trimmed);
  if (clock) return Number(clock[1]) * 3_600 + Number(clock[2]) * 60;
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * 60);
  const parts = [...trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(w|d|h|m|s)[a-z]*/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('').replace(/\s/g, '') !== trimmed.replace(/\s/g, '')) return null;
  return Math.round(parts.reduce((sum, part) => sum + Number(part[1]) * (unitSeconds[part[2] ?? 's'] ?? 1), 0));
}

/** Writes a size in bytes. */
export function formatSize(bytes: number, language: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const level = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log(bytes) / Math.log(1000)) : 0);
  const unit = units[level] ?? 'byte';
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: 1 }).format(bytes / 1000 ** level);
}

/** Decimal and thousands signs of a language. */
export function numberSigns(language: string): { decimal: string; thousands: string } {
  const parts = new Intl.NumberFormat(language).formatToParts(1234567.8);
  return {
    decimal: parts.find((part) => part.type === 'decimal')?.value ?? '.',
    thousands: parts.find((part) => part.type === 'group')?.value ?? ',',
  };
}

/** Order and separators of a short date in a language, e.g. `DD.MM.YYYY`. */
export function datePatternOf(language: string): string {
  return new Intl.DateTimeFormat(language, { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: 'UTC' })
    .formatToParts(new Date(Date.UTC(2026, 10, 22)))
    .map((part) => ({ day: 'DD', month: 'MM', year: 'YYYY' })[part.type as string] ?? part.value)
    .join('');
}
