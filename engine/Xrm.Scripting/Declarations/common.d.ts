/** The person who saves. */
declare const user: {
  /** Id of the user. */
  readonly id: string;
  /** Sign-in name. */
  readonly userName: string;
  /** Name that people see. */
  readonly name: string;
  /** Names of the user's roles. */
  readonly roles: readonly string[];
};

/** The time of the save; in a form, when it was opened. */
declare const now: Date;

/** The day of that time, as text: "2026-11-23". */
declare const today: string;

/** Refuses the save. The script goes on; nothing that it changes is taken. @param message What to tell the person, as written. */
declare function fail(message: string): void;
/** Refuses the save and marks a field. @param field Name of the field. @param message What to tell the person, as written. */
declare function fail(field: RecordField, message: string): void;

/** Tells the person who saves something, without refusing. @param message What to tell, as written. */
declare function warn(message: string): void;
/** Tells the person who saves something about a field, without refusing. @param field Name of the field. @param message What to tell, as written. */
declare function warn(field: RecordField, message: string): void;

/** The text of a key ("script." stands before it in translations) in the language of the person who saves. @param text The English text, with {0}, {1} … for the values. */
declare function translate(key: string, text: string, ...values: unknown[]): string;

/** Writes a line to the log: the server's, and in a form the browser's. */
declare function log(...values: unknown[]): void;

/** The date or time, so many days later. A day ("2026-11-23") gives a day, a time gives a time; null gives null. */
declare function addDays(from: string | Date, days: number): string;
declare function addDays(from: string | Date | null, days: number | null): string | null;

/** The date or time, so many months later; the last day of the month where that month is shorter. Null gives null. */
declare function addMonths(from: string | Date, months: number): string;
declare function addMonths(from: string | Date | null, months: number | null): string | null;

/** The date or time, so many years later. Null gives null. */
declare function addYears(from: string | Date, years: number): string;
declare function addYears(from: string | Date | null, years: number | null): string | null;

/** Days from the first to the second, negative where the second is earlier. Null gives null. */
declare function daysBetween(from: string | Date, to: string | Date): number;
declare function daysBetween(from: string | Date | null, to: string | Date | null): number | null;

/** What a field must be: a value, a list of which it must be one, or comparisons that must all hold. */
type Comparison<T> =
  | T
  | readonly T[]
  | { eq?: T; ne?: T; gt?: T; ge?: T; lt?: T; le?: T; in?: readonly T[]; contains?: string; startsWith?: string; endsWith?: string };

/** Conditions that must all hold: by field, by path through lookups ("account.industry"), and "or" with conditions of which one must hold. */
type Where<E extends keyof Entities> = { [F in keyof Entities[E]]?: Comparison<Entities[E][F]> } & { [path: `${string}.${string}`]: unknown } & { or?: Where<E>[] };
