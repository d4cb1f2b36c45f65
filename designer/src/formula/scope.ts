import { Instant, PlainDate, PlainTime } from './calendar';
import { Decimal } from './decimal';
import { type FormulaValue, Opaque } from './values';

/** The person at work: what `user` means in formulas. */
export interface FormulaUser {
  id: string;
  name: string;
  displayName: string;
  roles: readonly string[];
  /** Values of the user's own record, by the names that formulas ask for: region for user.region. */
  values: Readonly<Record<string, TypedValue>>;
}

/** A value as the API gives it, with its kind: that of the field in the application model. */
export interface TypedValue {
  kind: string;
  value: unknown;
}

/**
 * What a formula sees when it is evaluated over one record. Each question may be answered with undefined where the browser
 * does not know; the formula then gives undefined, unless the answer made no difference.
 */
export interface FormulaScope {
  /** A value of the record, or of one that it points to: ["account", "industry"]; or of settings: ["setting('company')", "currency"]. */
  value: (path: readonly string[]) => TypedValue | undefined;
  /** The same of the record that holds the lookup, in lookup filters. */
  outer?: (path: readonly string[]) => TypedValue | undefined;
  /** The value that a field of the record had before it was edited. */
  previous?: (field: string) => TypedValue | undefined;
  /** How many records a children or links field has. */
  count?: (path: readonly string[]) => number | undefined;
  isNew: boolean;
  user: FormulaUser;
  /** The moment of evaluation, in UTC, as ISO 8601. */
  now: string;
  /** IANA name of the user's time zone. */
  timeZone: string;
}

/** A value of the API as formulas calculate with it. */
export function fromJson({ kind, value }: TypedValue): FormulaValue {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((item) => (typeof item === 'number' ? Decimal.parse(String(item)) : String(item)));
  switch (kind.toLowerCase()) {
    case 'number':
      return Decimal.parse(plain(value));
    case 'float':
      return Decimal.fromFloat(Number(value));
    case 'boolean':
      return value === true;
    case 'date':
      return PlainDate.parse(String(value));
    case 'datetime':
      return Instant.parse(String(value));
    case 'time':
      return PlainTime.parse(String(value));
    case 'reference':
    case 'uuid':
      return String(value).toLowerCase();
    case 'json':
      return new Opaque(value);
    default:
      return String(value);
  }
}

// Small numbers print as 1e-7; none that a field can hold needs more than 12 digits after the point to be exact.
function plain(value: unknown): string {
  return typeof value === 'number' && /e/.test(String(value)) ? value.toFixed(12) : String(value);
}
