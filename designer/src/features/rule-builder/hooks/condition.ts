import type { Entity, Field } from '@/api/model';
import type { FilterKind } from '@/fields/field-ui';
import { pathOf } from '@/formula/evaluate';
import { parse } from '@/formula/parser';
import type { Syntax } from '@/formula/syntax';

/** How a field is compared in a condition. */
export type TestOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' | 'contains' | 'startswith' | 'in' | 'notin' | 'has' | 'hasnot' | 'true' | 'false' | 'past' | 'future' | 'empty' | 'filled' | 'changed';

/** One comparison. */
export interface Test {
  field: string;
  op: TestOperator;
  value?: string | number | (string | number)[] | undefined;
}

/** Comparisons of which all, or at least one, must hold. */
export interface Group {
  all: boolean;
  parts: (Test | Group)[];
}

const presence: TestOperator[] = ['empty', 'filled', 'changed'];
const order: TestOperator[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];

/** The comparisons of each kind, the usual one first. */
export const testsOf: Record<FilterKind, TestOperator[]> = {
  text: ['eq', 'ne', 'contains', 'startswith', ...presence],
  number: ['gt', 'ge', 'lt', 'le', 'eq', 'ne', ...presence],
  date: [...order, 'past', 'future', ...presence],
  datetime: ['past', 'future', ...presence],
  boolean: ['true', 'false', 'changed'],
  choice: ['eq', 'ne', 'in', 'notin', ...presence],
  choices: ['has', 'hasnot', ...presence],
  tags: ['has', 'hasnot', ...presence],
  reference: ['filled', 'empty', 'changed'],
  none: ['filled', 'empty'],
};

const symbols: Partial<Record<TestOperator, string>> = { eq: '==', ne: '!=', gt: '>', ge: '>=', lt: '<', le: '<=' };
const needsNone = new Set<TestOperator>(['true', 'false', 'past', 'future', 'empty', 'filled', 'changed']);

/** Whether a comparison compares with a value. */
export function needsValue(op: TestOperator): boolean {
  return !needsNone.has(op);
}

/** Whether a part of a condition is a group. */
export function isGroup(part: Test | Group): part is Group {
  return 'parts' in part;
}

/** Whether a comparison says enough to be written. */
export function isComplete({ op, value }: Test): boolean {
  return !needsValue(op) || (Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '');
}

function constant(value: string | number): string {
  return typeof value === 'number' ? String(value) : `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}

function listOf(value: Test['value']): (string | number)[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function testText({ field, op, value }: Test, kind: FilterKind): string {
  const [first = ''] = listOf(value);
  const now = kind === 'datetime' ? 'now()' : 'today()';
  switch (op) {
    case 'true':
      return field;
    case 'false':
      return `!${field}`;
    case 'past':
      return `${field} < ${now}`;
    case 'future':
      return `${field} > ${now}`;
    case 'empty':
      return `isEmpty(${field})`;
    case 'filled':
      return `!isEmpty(${field})`;
    case 'changed':
      return `changed(${field})`;
    case 'contains':
      return `contains(${field}, ${constant(first)})`;
    case 'startswith':
      return `startsWith(${field}, ${constant(first)})`;
    case 'has':
      return `includes(${field}, ${constant(first)})`;
    case 'hasnot':
      return `!includes(${field}, ${constant(first)})`;
    case 'in':
      return `includes([${listOf(value).map(constant).join(', ')}], ${field})`;
    case 'notin':
      return `!includes([${listOf(value).map(constant).join(', ')}], ${field})`;
    default:
      return `${field} ${symbols[op] ?? '=='} ${constant(first)}`;
  }
}

/** The formula of a condition; empty where nothing is complete. */
export function toFormula({ all, parts }: Group, kindOf: (field: string) => FilterKind): string {
  const texts = parts.flatMap((part) => {
    if (!isGroup(part)) return isComplete(part) ? [testText(part, kindOf(part.field))] : [];
    const inner = toFormula(part, kindOf);
    return inner === '' ? [] : [part.parts.length > 1 ? `(${inner})` : inner];
  });
  return texts.join(all ? ' && ' : ' || ');
}

/** A formula as a condition that can be built by clicks; null where it says more than that. */
export function readFormula(text: string, entity: Entity, kindOf: (field: string) => FilterKind): Group | null {
  if (text.trim() === '') return { all: true, parts: [] };
  try {
    const part = partOf(parse(text), entity, kindOf);
    return part && (isGroup(part) ? part : { all: true, parts: [part] });
  } catch {
    return null;
  }
}

function partOf(syntax: Syntax, entity: Entity, kindOf: (field: string) => FilterKind): Test | Group | null {
  if (syntax.kind === 'binary' && (syntax.operator === '&&' || syntax.operator === '||')) {
    const all = syntax.operator === '&&';
    const sides = [partOf(syntax.left, entity, kindOf), partOf(syntax.right, entity, kindOf)];
    if (sides.includes(null)) return null;
    return { all, parts: sides.flatMap((side) => (side && isGroup(side) && side.all === all ? side.parts : side ? [side] : [])) };
  }
  return testOf(syntax, entity, kindOf);
}

function fieldIn(syntax: Syntax | undefined, entity: Entity): Field | undefined {
  const path = syntax && pathOf(syntax);
  return path?.length === 1 ? entity.fields.find((field) => field.name === path[0]) : undefined;
}

function valueIn(syntax: Syntax | undefined): string | number | undefined {
  if (syntax?.kind === 'unary' && syntax.operator === '-') {
    const inner = valueIn(syntax.operand);
    return typeof inner === 'number' ? -inner : undefined;
  }
  if (syntax?.kind !== 'literal' || syntax.value === null || typeof syntax.value === 'boolean') return undefined;
  return typeof syntax.value === 'string' ? syntax.value : Number(syntax.value.digits);
}

const opposites: Partial<Record<TestOperator, TestOperator>> = { empty: 'filled', filled: 'empty', true: 'false', has: 'hasnot', in: 'notin' };

function testOf(syntax: Syntax, entity: Entity, kindOf: (field: string) => FilterKind): Test | null {
  if (syntax.kind === 'unary' && syntax.operator === '!') {
    const test = testOf(syntax.operand, entity, kindOf);
    const op = test && opposites[test.op];
    return test && op ? { ...test, op } : null;
  }
  const test = syntax.kind === 'call' ? callOf(syntax, entity) : syntax.kind === 'binary' ? comparisonOf(syntax, entity) : plainOf(syntax, entity);
  return test && testsOf[kindOf(test.field)].includes(test.op) ? test : null;
}

function plainOf(syntax: Syntax, entity: Entity): Test | null {
  const field = fieldIn(syntax, entity);
  return field?.kind === 'boolean' ? { field: field.name, op: 'true' } : null;
}

function callOf({ name, given }: Extract<Syntax, { kind: 'call' }>, entity: Entity): Test | null {
  const field = fieldIn(given[0], entity);
  const value = valueIn(given[1]);
  if (name === 'isEmpty' && field) return { field: field.name, op: 'empty' };
  if (name === 'changed' && field) return { field: field.name, op: 'changed' };
  if (name === 'includes' && given[0]?.kind === 'array') {
    const asked = fieldIn(given[1], entity);
    const values = given[0].items.map(valueIn);
    return asked && !values.includes(undefined) ? { field: asked.name, op: 'in', value: values as (string | number)[] } : null;
  }
  if (!field || value === undefined) return null;
  if (name === 'includes') return field.kind === 'list' ? { field: field.name, op: 'has', value } : { field: field.name, op: 'contains', value };
  if (name === 'contains') return { field: field.name, op: 'contains', value };
  return name === 'startsWith' ? { field: field.name, op: 'startswith', value } : null;
}

function comparisonOf({ operator, left, right }: Extract<Syntax, { kind: 'binary' }>, entity: Entity): Test | null {
  const field = fieldIn(left, entity);
  const op = (Object.keys(symbols) as TestOperator[]).find((each) => symbols[each] === operator);
  if (!field || !op) return null;
  if (right.kind === 'literal' && right.value === null) return op === 'eq' || op === 'ne' ? { field: field.name, op: op === 'eq' ? 'empty' : 'filled' } : null;
  if (right.kind === 'call' && (right.name === 'today' || right.name === 'now') && right.given.length === 0) {
    return op === 'lt' || op === 'gt' ? { field: field.name, op: op === 'lt' ? 'past' : 'future' } : null;
  }
  const value = valueIn(right);
  return value === undefined ? null : { field: field.name, op, value };
}
