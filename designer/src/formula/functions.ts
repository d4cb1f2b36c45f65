import { Instant, PlainDate } from './calendar';
import { Decimal } from './decimal';
import { adapt, compare, type FormulaValue, isList, toText } from './values';

/** What functions know beside their arguments. */
export interface FunctionContext {
  /** The moment of evaluation, in UTC: "2024-12-31T23:59:59.5Z". */
  now: Instant;
  timeZone: string;
}

/** A function that needs nothing but its arguments. A strict one is not asked where an argument is null: the result is null, or false. */
export interface FormulaFunction {
  least: number;
  most: number;
  onNull?: null | false;
  value: (given: FormulaValue[], context: FunctionContext) => FormulaValue;
}

const blanks = ' \\t\\n\\r\\v\\f\\u00a0';
const leading = new RegExp(`^[${blanks}]+`);
const trailing = new RegExp(`[${blanks}]+$`);

function text(value: FormulaValue | undefined): string {
  return value === undefined ? '' : (toText(value) ?? '');
}

function number(value: FormulaValue | undefined): Decimal {
  return value instanceof Decimal ? value : Decimal.zero;
}

function strict(count: number, value: FormulaFunction['value'], onNull: null | false = null): FormulaFunction {
  return { least: count, most: count, onNull, value };
}

function test(answer: (text: string, part: string) => boolean): FormulaFunction {
  return strict(2, ([one, other]) => answer(text(one), text(other)), false);
}

/** A day: of a moment, that in the user's zone; of a text, the one that it says. */
function day(value: FormulaValue | undefined, context: FunctionContext): PlainDate | null {
  if (value instanceof PlainDate) return value;
  if (value instanceof Instant) return value.dayIn(context.timeZone);
  return typeof value === 'string' ? PlainDate.parse(value) : null;
}

function ofDay(value: (date: PlainDate) => FormulaValue): FormulaFunction {
  return strict(1, ([given], context) => {
    const date = day(given, context);
    return date && value(date);
  });
}

function part(value: (date: PlainDate) => number): FormulaFunction {
  return ofDay((date) => Decimal.ofInteger(value(date)));
}

function adding(add: (date: PlainDate | Instant, count: number) => FormulaValue): FormulaFunction {
  return strict(2, ([given, by], context) => {
    const count = number(by).truncate().toNumber();
    const date = given instanceof Instant ? given : typeof given === 'string' ? (PlainDate.parse(given) ?? Instant.parse(given)) : day(given, context);
    // More than this leaves the calendar from every date.
    return date && Math.abs(count) < 4_000_000 ? add(date, count) : null;
  });
}

const mostCharacters = 1_000_000;

/** Nested, each one multiplies the text: the length is worked out before there is a text of it. */
function replaced(given: string, from: string, to: string): FormulaValue {
  const parts = from === '' ? [given] : given.split(from);
  const length = Array.from(given).length + (parts.length - 1) * (Array.from(to).length - Array.from(from).length);
  return length > mostCharacters ? null : parts.join(to);
}

function slice(cut: (characters: string[], count: number) => string[]): FormulaFunction {
  return strict(2, ([given, by]) => {
    const count = number(by).truncate().toNumber();
    return count < 1 ? '' : cut(Array.from(text(given)), count).join('');
  });
}

function extreme(sign: number): FormulaFunction {
  const better = (best: FormulaValue, next: FormulaValue) => {
    if (next === null || best === null) return best ?? next;
    return (compare(next, best) ?? 0) * sign > 0 ? adapt(next, best) : best;
  };
  return {
    least: 1,
    most: Infinity,
    value: (given) => {
      const typed = given.find((value) => value !== null && typeof value !== 'string') ?? null;
      return given.map((value) => adapt(value, typed)).reduce(better, null);
    },
  };
}

function rounded(given: FormulaValue[]): FormulaValue {
  return number(given[0]).round(given.length > 1 ? number(given[1]).toNumber() : 0);
}

function days([from, to]: FormulaValue[], context: FunctionContext): FormulaValue {
  const [one, other] = [adapt(from ?? null, to ?? null), adapt(to ?? null, from ?? null)];
  if (one instanceof Instant && other instanceof Instant) return Decimal.ofInteger(one.daysTo(other));
  const [start, end] = [day(one, context), day(other, context)];
  return start && end && Decimal.ofInteger(end.days - start.days);
}

function months([from, to]: FormulaValue[], context: FunctionContext): FormulaValue {
  const [start, end] = [day(from, context), day(to, context)];
  return start && end && Decimal.ofInteger(start.monthsTo(end));
}

/** The functions by name, but for those that look at how their arguments are written. */
export const functions: ReadonlyMap<string, FormulaFunction> = new Map(
  Object.entries({
    today: strict(0, (_, context) => context.now.dayIn(context.timeZone)),
    now: strict(0, (_, context) => context.now),
    date: ofDay((date) => date),
    addDays: adding((date, count) => date.addDays(count)),
    addMonths: adding((date, count) => date.addMonths(count)),
    addYears: adding((date, count) => date.addMonths(count * 12)),
    diffDays: strict(2, days),
    diffMonths: strict(2, months),
    year: part((date) => date.year),
    month: part((date) => date.month),
    day: part((date) => date.day),
    weekday: part((date) => date.weekday),
    startOfMonth: ofDay((date) => date.startOfMonth()),
    endOfMonth: ofDay((date) => date.endOfMonth()),
    round: { ...strict(1, rounded), most: 2 },
    floor: strict(1, ([given]) => number(given).floor()),
    ceil: strict(1, ([given]) => number(given).ceil()),
    abs: strict(1, ([given]) => number(given).abs()),
    number: strict(1, ([given]) => (/^[+-]?[0-9]{1,16}(\.[0-9]{1,12})?$/.test(text(given)) ? Decimal.parse(text(given)) : null)),
    min: extreme(-1),
    max: extreme(1),
    len: { least: 1, most: 1, value: ([given = null]) => Decimal.ofInteger(isList(given) ? given.length : Array.from(text(given)).length) },
    upper: strict(1, ([given]) => text(given).toUpperCase()),
    lower: strict(1, ([given]) => text(given).toLowerCase()),
    trim: strict(1, ([given]) => text(given).replace(leading, '').replace(trailing, '')),
    left: slice((characters, count) => characters.slice(0, count)),
    right: slice((characters, count) => characters.slice(-count)),
    replace: strict(3, ([given, from, to]) => replaced(text(given), text(from), text(to))),
    startsWith: test((given, start) => given.startsWith(start)),
    endsWith: test((given, end) => given.endsWith(end)),
    text: strict(1, ([given = null]) => toText(given)),
    concat: { least: 1, most: Infinity, value: (given) => given.map((value) => text(value)).join('') },
    isEmpty: { least: 1, most: 1, value: ([given = null]) => given === null || given === '' || (isList(given) && given.length === 0) },
  } satisfies Record<string, FormulaFunction>),
);
