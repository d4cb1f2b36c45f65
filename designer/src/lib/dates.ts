function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** A day as `2026-11-22`, in the reader's time zone. */
export function isoDate(day: Date): string {
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** Moves a day (`2026-11-22`) by whole days. */
export function addDays(date: string, days: number): string {
  const [year = 1970, month = 1, day = 1] = date.split('-').map(Number);
  return isoDate(new Date(year, month - 1, day + days));
}

function exists(year: number, month: number, day: number): boolean {
  const date = new Date(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day;
}

/**
 * Reads a day typed in the order of a pattern such as `DD.MM.YYYY`: with any separators, with two digits for the year,
 * without a year (this one), or as `2026-11-22`. Null where it is no day.
 */
export function parseDate(text: string, pattern: string, today: Date = new Date()): string | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text.trim());
  const order = iso ? ['Y', 'M', 'D'] : [...pattern.replace(/[^DMY]/g, '').replace(/(.)\1+/g, '$1')];
  const numbers = text.trim().split(/\D+/).filter(Boolean).map(Number);
  if (numbers.length === 2) numbers.splice(order.indexOf('Y'), 0, today.getFullYear());
  if (numbers.length !== 3) return null;
  const part = (letter: string) => numbers[order.indexOf(letter)] ?? 0;
  const year = part('Y') < 100 ? 2000 + part('Y') : part('Y');
  return exists(year, part('M'), part('D')) ? `${year}-${two(part('M'))}-${two(part('D'))}` : null;
}

/** Day and time of a moment in the reader's time zone: `2026-11-22` and `09:30`; empty texts for none. */
export function splitMoment(value: unknown): { date: string; time: string } {
  const moment = typeof value === 'string' ? new Date(value) : null;
  if (!moment || Number.isNaN(moment.getTime())) return { date: '', time: '' };
  return { date: isoDate(moment), time: `${two(moment.getHours())}:${two(moment.getMinutes())}` };
}

/** The moment of a day and a time in the reader's time zone, as RFC 3339 in UTC. */
export function joinMoment(date: string, time: string): string {
  return new Date(`${date}T${time || '00:00'}`).toISOString();
}
