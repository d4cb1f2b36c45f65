import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileFormula, Formula } from './formula';
import type { FormulaScope, FormulaUser, TypedValue } from './scope';
import { FormulaError } from './syntax';
import { type FormulaValue, isTrue } from './values';

interface SampleField {
  name: string;
  type: string;
  target?: string;
  formula?: string;
}

interface Sample {
  now: string;
  timeZone: string;
  user: FormulaUser;
  /** Fields, or an entity that says more than them. */
  entities: Record<string, SampleField[] | { fields: SampleField[] }>;
}

interface Case {
  formula: string;
  row?: Row;
  /** Time zone and moment where they are not those of the sample. */
  zone?: string;
  now?: string;
  expect: null | boolean | number | string;
}

type Row = Record<string, unknown>;

const folder = `${import.meta.dirname}/../../../tests/vectors/formulas/`;
const sample = read<Sample>('model.json');
const kinds: Record<string, string> = {
  ...{ money: 'number', decimal: 'number', integer: 'number', percent: 'number', float: 'float', boolean: 'boolean' },
  ...{ date: 'date', datetime: 'datetime', time: 'time', lookup: 'reference', parent: 'reference', choices: 'list', tags: 'list', json: 'json' },
};

/** Computed fields that the engine stores: the row has them. */
const stored = ['total', 'grade'];

function read<T>(name: string): T {
  return JSON.parse(readFileSync(folder + name, 'utf8')) as T;
}

/** The row as the browser has it: computed fields come from the server, which here is the formula itself. */
function scopeOf(row: Row, entity = 'deal'): FormulaScope {
  return {
    value: (path) => find(row, entity, path),
    count: (path) => Number(find(row, entity, path)?.value ?? 0),
    isNew: false,
    user: sample.user,
    now: sample.now,
    timeZone: sample.timeZone,
  };
}

function find(row: Row | null, entity: string, [name = '', ...rest]: readonly string[]): TypedValue | undefined {
  const settings = /^setting\('(\w+)'\)$/.exec(name)?.[1];
  if (settings) return find((row?.[name] ?? null) as Row | null, settings, rest);
  const known = sample.entities[entity];
  const field = (Array.isArray(known) ? known : known?.fields)?.find((one) => one.name === name);
  if (!field) return rest.length === 0 && name.endsWith('_currency') ? { kind: 'text', value: row?.[name] } : undefined;
  const value = row?.[name] ?? null;
  if (field.type === 'lookup' || field.type === 'parent') return lookup(value as Row | null, field.target ?? entity, rest);
  if (rest.length > 0) return undefined;
  if (field.formula && row && !stored.includes(name)) return { kind: kinds[field.type] ?? 'text', value: computed(field.formula, row, entity) };
  const isWholeNumber = field.type === 'choice' && typeof value === 'number';
  return { kind: isWholeNumber ? 'number' : (kinds[field.type] ?? 'text'), value };
}

function lookup(target: Row | null, entity: string, rest: readonly string[]): TypedValue | undefined {
  return rest.length === 0 ? { kind: 'reference', value: target?.['id'] } : find(target, entity, rest);
}

function computed(text: string, row: Row, entity: string): unknown {
  return json(compile(text).evaluate(scopeOf(row, entity)));
}

function json(value: FormulaValue | undefined): unknown {
  return value === null || value === undefined || typeof value === 'boolean' ? value : String(value);
}

function compile(text: string): Formula {
  const formula = compileFormula(text);
  if (formula instanceof FormulaError) throw formula;
  return formula;
}

for (const file of readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'model.json' && name !== 'refused.json')) {
  describe(`formulas of ${file}`, () => {
    it.each(read<{ cases: Case[] }>(file).cases)('$formula over $row', ({ formula, row = {}, zone = sample.timeZone, now = sample.now, expect: expected }) => {
      const scope = { ...scopeOf(row), timeZone: zone, now };
      const value = compile(formula).evaluate(scope);
      expect(value).not.toBeUndefined();
      expect(value === null ? null : String(value)).toBe(expected === null ? null : String(expected));
      expect(compile(`!(${formula})`).evaluate(scope)).toBe(!isTrue(value ?? null));
    });
  });
}

describe('formulas over edge values', () => {
  const rows = read<Row[]>('edges/rows.json');
  const results = Object.entries(read<Record<string, (string | null)[]>>('edges/results.json'));

  it('are as many as on the server', () => {
    const cases = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'model.json' && name !== 'refused.json');
    expect(cases.flatMap((file) => read<{ cases: Case[] }>(file).cases).length).toBeGreaterThanOrEqual(500);
    expect(results.length * rows.length).toBeGreaterThanOrEqual(2_500);
  });

  it.each(results)('%s', (text, expected) => {
    const formula = compile(text);
    const found = rows.map((row) => formula.evaluate(scopeOf(row)) ?? null);
    expect(found.map((value) => (value === null ? null : String(value)))).toEqual(expected);
  });
});

describe('formulas put together at random', () => {
  const rows = read<Row[]>('random/rows.json');

  it.each(Object.entries(read<Record<string, (string | null)[]>>('random/results.json')))('%s', (text, expected) => {
    const formula = compile(text);
    const found = rows.map((row) => formula.evaluate(scopeOf(row)) ?? null);
    expect(found.map((value) => (value === null ? null : String(value)))).toEqual(expected);
  });
});

describe('formula', () => {
  it('is undefined when it depends on what the browser does not know', () => {
    const scope: FormulaScope = { ...scopeOf({ status: 'draft' }), count: () => undefined };
    expect(compile('count(lines) > 0').evaluate(scope)).toBeUndefined();
    expect(compile("status == 'active' && count(lines) > 0").evaluate(scope)).toBe(false);
    expect(compile("status == 'draft' || count(lines) > 0").isTrue(scope)).toBe(true);
  });

  it('sees what changed', () => {
    const scope: FormulaScope = { ...scopeOf({ status: 'active' }), previous: () => ({ kind: 'text', value: 'draft' }) };
    expect(compile("changed('status') && !isNew()").isTrue(scope)).toBe(true);
    expect(compile('changed(status)').isTrue({ ...scope, isNew: true })).toBe(true);
    expect(compile('changed(status)').isTrue({ ...scope, previous: () => ({ kind: 'text', value: 'active' }) })).toBe(false);
  });

  it('names what it asks of the record', () => {
    expect(compile("account.industry == 'tech' && len(title) > 3 && user.name == 'x'").paths).toEqual([['account', 'industry'], ['title']]);
  });

  it.each([
    ['', 1],
    ['a =', 3],
    ['a = b', 3],
    ['(1', 3],
    ["'x", 1],
    ['1 2', 3],
    ['a and b', 3],
    ['foo(1)', 1],
    ['upper()', 1],
    ['a ?? b || c', 3],
    ['title.substring(1)', 7],
    ['0.1234567890123', 1],
    ['('.repeat(100), 60],
  ])('%j is refused with its place', (text, position) => {
    const error = compileFormula(text);
    expect(error).toBeInstanceOf(FormulaError);
    expect((error as FormulaError).remedy).not.toBe('');
    if (position < 60) expect((error as FormulaError).position).toBe(position);
  });
});
