import { describe, expect, it } from 'vitest';
import { readConditions, toOData } from './conditions';

describe('a condition', () => {
  it('quotes text so that it cannot end early', () => {
    expect(toOData({ field: 'name', op: 'contains', value: "O'Neil" }, 'name', 'text')).toBe("contains(tolower(name),'o''neil')");
  });

  it('compares numbers, dates and records without quotes', () => {
    expect(toOData({ field: 'value', op: 'ge', value: 5 }, 'value', 'number')).toBe('value ge 5');
    expect(toOData({ field: 'ends_on', op: 'before', value: '2026-11-22' }, 'ends_on', 'date')).toBe('ends_on lt 2026-11-22');
    expect(toOData({ field: 'account', op: 'eq', value: '0197f1a0-0000-7000-8000-000000000001' }, 'account_id', 'reference')).toBe(
      'account_id eq 0197f1a0-0000-7000-8000-000000000001',
    );
  });

  it('takes a whole day of moments', () => {
    const text = toOData({ field: 'created_at', op: 'on', value: '2026-11-22' }, 'created_at', 'datetime');
    expect(text).toMatch(/^\(created_at ge \S+Z and created_at lt \S+Z\)$/);
  });

  it('asks lists for any of some values, and takes an empty list for no value', () => {
    expect(toOData({ field: 'labels', op: 'anyof', value: ['a', "b'c"] }, 'labels', 'tags')).toBe("labels/any(item: item in ('a','b''c'))");
    expect(toOData({ field: 'sizes', op: 'noneof', value: [1, 2] }, 'product/sizes', 'choices')).toBe('not product/sizes/any(item: item in (1,2))');
    expect(toOData({ field: 'labels', op: 'empty' }, 'labels', 'tags')).toBe('not labels/any()');
    expect(toOData({ field: 'labels', op: 'filled' }, 'labels', 'tags')).toBe('labels/any()');
  });

  it('asks for one of several values', () => {
    expect(toOData({ field: 'status', op: 'in', value: ['draft', 'active'] }, 'status', 'choice')).toBe("status in ('draft','active')");
  });
});

describe('the conditions of an address', () => {
  it('are none when they cannot be read', () => {
    expect(readConditions('{')).toEqual([]);
    expect(readConditions('[1,{"field":"a","op":"eq","value":1}]')).toEqual([{ field: 'a', op: 'eq', value: 1 }]);
  });
});
