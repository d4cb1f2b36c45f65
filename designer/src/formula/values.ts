import { Instant, PlainDate, PlainTime } from './calendar';
import { Decimal } from './decimal';

/** JSON that formulas do not look into. */
export class Opaque {
  constructor(readonly json: unknown) {}
}

/** What formulas calculate with. Ids are texts. */
export type FormulaValue = null | boolean | string | Decimal | PlainDate | Instant | PlainTime | Opaque | readonly FormulaValue[];

/** Everything counts as true but null, false, 0, empty text and the empty list. */
export function isTrue(value: FormulaValue): boolean {
  if (value === null || value === false || value === '') return false;
  if (value instanceof Decimal) return !value.isZero;
  return !isList(value) || value.length > 0;
}

export function isList(value: FormulaValue): value is readonly FormulaValue[] {
  return Array.isArray(value);
}

/** Null equals null, and nothing else. */
export function areEqual(left: FormulaValue, right: FormulaValue): boolean {
  if (left === null || right === null) return left === right;
  const [one, other] = [adapt(left, right), adapt(right, left)];
  return typeof one === 'boolean' || typeof other === 'boolean' ? one === other : compare(one, other) === 0;
}

/** Negative, zero or positive; undefined where the values have no order. */
export function compare(left: FormulaValue, right: FormulaValue): number | undefined {
  const [one, other] = [adapt(left, right), adapt(right, left)];
  if (one instanceof Decimal && other instanceof Decimal) return one.compare(other);
  if (typeof one === 'string' && typeof other === 'string') return compareText(one, other);
  if (one instanceof PlainDate && other instanceof PlainDate) return one.days - other.days;
  if (one instanceof PlainTime && other instanceof PlainTime) return one.micros - other.micros;
  if (one instanceof Instant && other instanceof Instant) return one.micros < other.micros ? -1 : one.micros > other.micros ? 1 : 0;
  return undefined;
}

/** A text where a date, moment or time is wanted means one. */
export function adapt(value: FormulaValue, wanted: FormulaValue): FormulaValue {
  if (typeof value !== 'string') return value;
  if (wanted instanceof PlainDate) return PlainDate.parse(value) ?? value;
  if (wanted instanceof Instant) return Instant.parse(value) ?? value;
  return wanted instanceof PlainTime ? (PlainTime.parse(value) ?? value) : value;
}

/** A value as text(…) gives it; null for null. */
export function toText(value: FormulaValue): string | null {
  if (value === null || value instanceof Opaque || isList(value)) return null;
  return value instanceof Instant ? value.toText() : String(value);
}

/** By code point, as the database orders texts. */
function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const [one, other] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (one === other) continue;
    // Surrogates stand for code points above all others, though their own numbers lie below U+E000.
    const difference = Number(isSurrogate(one)) - Number(isSurrogate(other));
    return difference === 0 ? one - other : difference;
  }
  return left.length - right.length;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}
