import { describe, expect, it } from 'vitest';
import { textsOf } from '@/lib/i18n/text';
import type { HistoryChange, HistoryEntry } from '../api/history';
import { agoText, daysOf, sentenceOf, valueText, wayOf } from './story';

const t = textsOf('en');
const change = (label: string): HistoryChange => ({ field: label.toLowerCase(), label, type: 'text' });
const entry = (more: Partial<HistoryEntry> = {}): HistoryEntry => ({ id: 'e1', at: '2026-11-24T08:00:00Z', operation: 'update', by: { name: 'Ada', isSystem: false }, source: 'screen', changes: [], ...more });

describe('the sentence of an entry', () => {
  it('names what changed', () => expect(sentenceOf(entry({ changes: [change('Status'), change('Value')] }), t)).toBe('Ada changed Status and Value'));

  it('names some of many fields', () =>
    expect(sentenceOf(entry({ changes: ['A', 'B', 'C', 'D', 'E'].map(change) }), t)).toBe('Ada changed A, B, C, and 2 more'));

  it('tells earlier values that came back', () =>
    expect(sentenceOf(entry({ changes: [change('Status')], cause: { kind: 'history', id: 'e0' } }), t)).toBe('Ada brought back earlier values of Status'));

  it('tells what the engine did, and what somebody did who is gone', () => {
    expect(sentenceOf(entry({ operation: 'create', by: { isSystem: true } }), t)).toBe('Xrm created this record');
    expect(sentenceOf(entry({ operation: 'delete', by: { isSystem: false } }), t)).toBe('Somebody deleted this record');
  });

  it('speaks German', () => expect(sentenceOf(entry({ changes: [change('Status')] }), textsOf('de'))).toBe('Ada hat Status geändert'));
});

describe('the way of an entry', () => {
  it('names the rule', () => expect(wayOf(entry({ source: 'rule', cause: { kind: 'rule', label: 'pricing' } }), t)).toBe('through the rule pricing'));
  it('is unknown for early entries', () => {
    const early = entry();
    delete early.source;
    expect(wayOf(early, t)).toBeNull();
  });
});

describe('a value', () => {
  it('is its text where it has one', () => expect(valueText('choice', 'draft', 'Draft', t)).toBe('Draft'));
  it('is written in the language of the reader', () => {
    expect(valueText('decimal', 1234.5, undefined, textsOf('de'))).toBe('1.234,5');
    expect(valueText('date', '2026-11-22', undefined, t)).toContain('2026');
    expect(valueText('boolean', true, undefined, t)).toBe('Yes');
  });
  it('of rich text holds no markup', () => expect(valueText('richtext', '<p>Hello <b>you</b></p>', undefined, t)).toBe('Hello you'));
  it('is empty where there is none, and cut where it is long', () => {
    expect(valueText('text', null, undefined, t)).toBe('');
    expect(valueText('text', 'x'.repeat(1000), undefined, t)).toHaveLength(281);
  });
});

describe('time', () => {
  const now = new Date(2026, 10, 24, 12, 0, 0).getTime();
  it('is told as how long ago', () => {
    expect(agoText(new Date(now - 3 * 60_000).toISOString(), now, 'en')).toBe('3 minutes ago');
    expect(agoText(new Date(now + 5_000).toISOString(), now, 'en')).toBe('now');
  });
  it('is grouped by the days of the reader', () => {
    const at = (day: number, hour: number) => entry({ id: `${day} ${hour}`, at: new Date(2026, 10, day, hour).toISOString() });
    const days = daysOf([at(24, 11), at(24, 1), at(23, 23), at(20, 5)], now, t);
    expect(days.map((day) => [day.label, day.entries.length])).toEqual([['Today', 2], ['Yesterday', 1], [expect.stringContaining('20') as string, 1]]);
  });
});
