import { describe, expect, it } from 'vitest';
import { exactNumber, parseJson } from './json';

describe('numbers', () => {
  it('stay numbers when a double holds all their digits', () => {
    expect(parseJson('{"value": 1234.56, "count": 3}')).toEqual({ value: 1234.56, count: 3 });
    expect(exactNumber('1234.56')).toBe(1234.56);
  });

  it('are left alone when they are no decimal numbers', () => {
    expect(exactNumber('abc')).toBe('abc');
    expect(exactNumber(null)).toBeNull();
  });
});
