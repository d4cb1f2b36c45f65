import type { FilterKind } from '@/fields/field-ui';
import { addDays } from '@/lib/dates';
import type { TextKey } from '@/lib/i18n/text';

/** How a field is compared. */
export type Operator =
  | 'contains' | 'startswith' | 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'
  | 'on' | 'before' | 'after' | 'from' | 'to' | 'in' | 'notin' | 'anyof' | 'noneof' | 'true' | 'false' | 'empty' | 'filled';

/** One comparison of a list's filter, as the address of the page keeps it. */
export interface Condition {
  field: string;
  op: Operator;
  value?: string | number | (string | number)[] | undefined;
  /** What a chosen record is called, so that its name needs no request. */
  label?: string | undefined;
}

const presence: Operator[] = ['empty', 'filled'];

/** The comparisons of each kind, the usual one first. */
export const operatorsOf: Record<FilterKind, Operator[]> = {
  text: ['contains', 'startswith', 'eq', 'ne', ...presence],
  number: ['eq', 'ne', 'gt', 'ge', 'lt', 'le', ...presence],
  date: ['on', 'before', 'after', 'from', 'to', ...presence],
  datetime: ['on', 'before', 'after', ...presence],
  boolean: ['true', 'false'],
  choice: ['in', 'notin', ...presence],
  choices: ['anyof', 'noneof', ...presence],
  tags: ['anyof', 'noneof', ...presence],
  reference: ['eq', 'ne', ...presence],
  none: presence,
};

/** Text of a comparison. */
export function operatorText(op: Operator): TextKey {
  return `op.${op}`;
}

/** Whether a comparison compares with a value. */
export function needsValue(op: Operator): boolean {
  return op !== 'empty' && op !== 'filled' && op !== 'true' && op !== 'false';
}

/** Whether a condition says enough to filter by it. */
export function isComplete({ op, value }: Condition): boolean {
  return !needsValue(op) || (Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '');
}

function quote(value: string | number): string {
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}

function listOf(value: Condition['value']): (string | number)[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function momentOf(day: string): string {
  return new Date(`${day}T00:00`).toISOString();
}

function compareMoment(path: string, op: Operator, day: string): string {
  const start = momentOf(day);
  const end = momentOf(addDays(day, 1));
  if (op === 'before') return `${path} lt ${start}`;
  if (op === 'after') return `${path} ge ${end}`;
  return `(${path} ge ${start} and ${path} lt ${end})`;
}

/** Lists: an empty one counts as no value, as it does in forms. */
function compareList(path: string, op: Operator, values: (string | number)[]): string {
  if (op === 'empty') return `not ${path}/any()`;
  if (op === 'filled') return `${path}/any()`;
  const any = `${path}/any(item: item in (${values.map(quote).join(',')}))`;
  return op === 'noneof' ? `not ${any}` : any;
}

const comparison: Partial<Record<Operator, string>> = { on: 'eq', before: 'lt', after: 'gt', from: 'ge', to: 'le' };

/** Writes a condition as OData. `path`: the property, with slashes through lookups. */
export function toOData({ op, value }: Condition, path: string, kind: FilterKind): string {
  if (kind === 'choices' || kind === 'tags') return compareList(path, op, listOf(value));
  const [first = ''] = listOf(value);
  switch (op) {
    case 'empty':
      return `${path} eq null`;
    case 'filled':
      return `${path} ne null`;
    case 'true':
      return `${path} eq true`;
    case 'false':
      return `(${path} eq false or ${path} eq null)`;
    case 'contains':
    case 'startswith':
      return `${op}(tolower(${path}),${quote(String(first).toLowerCase())})`;
    case 'in':
      return `${path} in (${listOf(value).map(quote).join(',')})`;
    case 'notin':
      return `(not (${path} in (${listOf(value).map(quote).join(',')})) or ${path} eq null)`;
    default:
      if (kind === 'datetime') return compareMoment(path, op, String(first));
      return `${path} ${comparison[op] ?? op} ${kind === 'text' ? quote(String(first)) : String(first)}`;
  }
}

/** Reads the conditions that an address keeps; none where they cannot be read. */
export function readConditions(text: string | null): Condition[] {
  if (!text) return [];
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) ? read.filter((each): each is Condition => typeof each === 'object' && each !== null && 'field' in each && 'op' in each) : [];
  } catch {
    return [];
  }
}
