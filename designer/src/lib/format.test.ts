import { describe, expect, it } from 'vitest';
import { formatDate, formatDuration, formatMoney, parseDuration } from './format';

describe('formats', () => {
  it('write money with its currency', () => {
    expect(formatMoney(1234.5, 'EUR', 'en')).toBe('€1,234.50');
    expect(formatMoney('1234.5', undefined, 'en')).toBe('1,234.50');
  });

  it('write a date without shifting it by a time zone', () => {
    expect(formatDate('2026-11-22', 'en')).toBe('Nov 22, 2026');
  });

  it('write and read durations', () => {
    expect(formatDuration(9_000)).toBe('2h 30m');
    expect(parseDuration('2h 30m')).toBe(9_000);
    expect(parseDuration('2:30')).toBe(9_000);
    expect(parseDuration('90')).toBe(5_400);
    expect(parseDuration('soon')).toBeNull();
  });
});
