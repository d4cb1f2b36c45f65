import { formatDate, formatDateTime, formatDuration, formatNumber, formatTime } from '@/lib/format';
import type { Texts } from '@/lib/i18n/text';
import { plainText } from '@/lib/plain-text';
import type { HistoryEntry } from '../api/history';

const mostNamed = 3;
const longest = 280;

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function written(type: string, value: unknown, t: Texts): string {
  if (typeof value === 'boolean') return t(value ? 'field.yes' : 'field.no');
  switch (type) {
    case 'date':
      return formatDate(value, t.language);
    case 'datetime':
      return formatDateTime(value, t.language);
    case 'time':
      return formatTime(value, t.language);
    case 'duration':
      return formatDuration(value);
    case 'richtext':
      return plainText(String(value));
    case 'integer':
    case 'decimal':
    case 'float':
    case 'percent':
      return formatNumber(value, t.language);
    default:
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}

/** A value of a history for people; empty where there is none. */
export function valueText(type: string, value: unknown, text: string | undefined, t: Texts): string {
  if (text !== undefined) return cut(text);
  if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) return '';
  return cut(written(type, value, t));
}

/** What people call who did it. */
export function nameOfPerson(by: HistoryEntry['by'], t: Texts): string {
  return by.name ?? t(by.isSystem ? 'history.system' : 'history.someone');
}

/** What an entry tells in a sentence, without the name at its beginning being marked. */
export function sentenceOf(entry: HistoryEntry, t: Texts): string {
  const name = nameOfPerson(entry.by, t);
  if (entry.operation !== 'update') return t(`history.${entry.operation}`, { name });
  if (entry.changes.length === 0) return t('history.update.hidden', { name });
  const labels = entry.changes.map((change) => change.label);
  const named = labels.length > mostNamed + 1 ? [...labels.slice(0, mostNamed), t('history.fields.more', { count: labels.length - mostNamed })] : labels;
  const fields = new Intl.ListFormat(t.language, { type: 'conjunction' }).format(named);
  return t(entry.cause?.kind === 'history' ? 'history.back' : 'history.update', { name, fields });
}

/** Through what an entry came, for people; null where nobody knows. */
export function wayOf(entry: HistoryEntry, t: Texts): string | null {
  return entry.source ? t(`history.through.${entry.source}`, { label: entry.cause?.label ?? '' }).trim() : null;
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [['day', 86_400], ['hour', 3_600], ['minute', 60]];

/** How long ago a moment was; the moment itself where it is more than a day. */
export function agoText(at: string, now: number, language: string): string {
  const seconds = Math.round((Date.parse(at) - now) / 1000);
  if (Math.abs(seconds) >= 86_400) return new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(new Date(at));
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.trunc(Math.min(0, seconds) / size), unit);
}

function dayOf(moment: Date): string {
  return `${moment.getFullYear()}-${moment.getMonth()}-${moment.getDate()}`;
}

/** A day of a history. */
export interface HistoryDay {
  label: string;
  entries: HistoryEntry[];
}

/** Entries by the reader's days, in their order. */
export function daysOf(entries: readonly HistoryEntry[], now: number, t: Texts): HistoryDay[] {
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  const days: (HistoryDay & { day: string })[] = [];
  for (const entry of entries) {
    const at = new Date(entry.at);
    const day = dayOf(at);
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else {
      const label = day === dayOf(new Date(now)) ? t('history.today') : day === dayOf(yesterday) ? t('history.yesterday') : new Intl.DateTimeFormat(t.language, { dateStyle: 'full' }).format(at);
      days.push({ day, label, entries: [entry] });
    }
  }
  return days;
}
