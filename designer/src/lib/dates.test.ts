import { describe, expect, it } from 'vitest';
import { joinMoment, parseDate, splitMoment } from './dates';

const today = new Date(2026, 10, 22);

describe('a typed day', () => {
  it('is read in the order of the language', () => {
    expect(parseDate('3.12.2026', 'DD.MM.YYYY', today)).toBe('2026-12-03');
    expect(parseDate('12/3/26', 'MM/DD/YYYY', today)).toBe('2026-12-03');
    expect(parseDate('2026-12-03', 'MM/DD/YYYY', today)).toBe('2026-12-03');
  });

  it('takes this year when none is typed', () => {
    expect(parseDate('3.12.', 'DD.MM.YYYY', today)).toBe('2026-12-03');
  });

  it('is refused when the calendar has no such day', () => {
    expect(parseDate('31.2.2026', 'DD.MM.YYYY', today)).toBeNull();
    expect(parseDate('soon', 'DD.MM.YYYY', today)).toBeNull();
  });
});

describe('a moment', () => {
  it('survives being split and joined', () => {
    const { date, time } = splitMoment('2026-11-22T09:30:00Z');
    expect(joinMoment(date, time)).toBe('2026-11-22T09:30:00.000Z');
  });
});
