import { describe, expect, it } from 'vitest';
import type { Entity } from '@/api/model';
import type { FilterKind } from '@/fields/field-ui';
import { compileFormula } from '@/formula/formula';
import { FormulaError } from '@/formula/syntax';
import { nameFrom } from '@/lib/names';
import { readFormula, toFormula, type Group } from './condition';
import { withProperty } from '@/lib/json-text';

const kinds: Record<string, FilterKind> = { value: 'number', status: 'choice', title: 'text', active: 'boolean', due: 'date', tags: 'tags', account: 'reference' };
const kindOf = (field: string) => kinds[field] ?? 'none';
const entity = { fields: Object.entries(kinds).map(([name, kind]) => ({ name, kind: kind === 'boolean' ? 'boolean' : kind === 'tags' ? 'list' : 'text' })) } as unknown as Entity;
const read = (text: string) => readFormula(text, entity, kindOf);

describe('a condition built by clicks', () => {
  it.each([
    'value > 100000',
    "value >= -5 && status == 'draft'",
    "status != 'done' || active || !active",
    "(value > 5 || title == 'it\\'s') && !isEmpty(account)",
    "isEmpty(title) && contains(title, 'x') && startsWith(title, 'y')",
    "includes(['draft', 'active'], status) && !includes(['done'], status)",
    "includes(tags, 'new') || !includes(tags, 'old')",
    "due < today() && due > today() && due <= '2026-01-31' && changed(due)",
  ])('is the formula %s, and is read from it', (text) => {
    const condition = read(text);
    expect(condition && toFormula(condition, kindOf)).toBe(text);
    expect(compileFormula(text)).not.toBeInstanceOf(FormulaError);
  });

  it.each(['value > total', 'value * 2 > 5', "account.industry == 'tech'", 'addDays(due, 3) < today()', 'value > 5 ? active : !active', '!(value > 5)', 'value >', 'unknown > 5'])('is not what %s says', (text) => {
    expect(read(text)).toBeNull();
  });

  it('reads what means the same', () => {
    expect(read('title == null')).toEqual({ all: true, parts: [{ field: 'title', op: 'empty' }] });
    expect(read("['a'].includes(status)")).toEqual({ all: true, parts: [{ field: 'status', op: 'in', value: ['a'] }] });
    expect(read('')).toEqual({ all: true, parts: [] });
  });

  it('leaves out what is not complete', () => {
    const draft: Group = { all: true, parts: [{ field: 'value', op: 'gt' }, { all: false, parts: [] }, { field: 'active', op: 'true' }] };
    expect(toFormula(draft, kindOf)).toBe('active');
  });
});

describe('a file of a package', () => {
  const file = '{\n  "name": "x",\n  "fields": [ { "rules": ["}"], "min": 1e28 } ],\n  "rules": [ { "name": "\\"rules\\":" } ],\n  "primary": "x"\n}\n';

  it('keeps all but the rules as it was written', () => {
    expect(withProperty(file, 'rules', [{ name: 'r' }])).toBe('{\n  "name": "x",\n  "fields": [ { "rules": ["}"], "min": 1e28 } ],\n  "rules": [\n    {\n      "name": "r"\n    }\n  ],\n  "primary": "x"\n}\n');
    expect(withProperty(file, 'primary', 'y')).toContain('  "primary": "y"\n}\n');
  });

  it('gets rules where it has none', () => {
    expect(withProperty('{ "entity": "x" }\n', 'rules', [])).toBe('{ "entity": "x",\n  "rules": []\n}\n');
  });
});

describe('the name of a rule', () => {
  it('is made from its label', () => {
    expect(nameFrom('Große Verträge über 100.000 €', [])).toBe('grosse_vertrage_uber_100_000');
    expect(nameFrom('Big', ['big', 'big_2'])).toBe('big_3');
    expect(nameFrom('1. §', [])).toBe('rule');
  });
});
