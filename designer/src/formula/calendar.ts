const daySeconds = 86_400;
const dayMicros = 86_400_000_000n;

/** Days from 1970-01-01 to 0001-01-01 and to 9999-12-31: dates outside are null. */
const firstDay = -719_162;
const lastDay = 2_932_896;

/** A calendar day. */
export class PlainDate {
  private constructor(readonly days: number) {}

  /** The day so many days after 1970-01-01; null outside the calendar. */
  static ofDays(days: number): PlainDate | null {
    return days >= firstDay && days <= lastDay ? new PlainDate(days) : null;
  }

  /** The day; null where there is none such. */
  static of(year: number, month: number, day: number): PlainDate | null {
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
    return PlainDate.ofDays(Math.round(date.getTime() / (daySeconds * 1000)));
  }

  /** The day that "2024-12-31" says; null where the text says none. */
  static parse(text: string): PlainDate | null {
    const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    return found ? PlainDate.of(Number(found[1]), Number(found[2]), Number(found[3])) : null;
  }

  get year(): number {
    return this.utc.getUTCFullYear();
  }

  get month(): number {
    return this.utc.getUTCMonth() + 1;
  }

  get day(): number {
    return this.utc.getUTCDate();
  }

  /** 1 (Monday) to 7 (Sunday). */
  get weekday(): number {
    return this.utc.getUTCDay() || 7;
  }

  addDays(count: number): PlainDate | null {
    return PlainDate.ofDays(this.days + count);
  }

  addMonths(count: number): PlainDate | null {
    const month = this.year * 12 + this.month - 1 + count;
    const [year, index] = [Math.floor(month / 12), ((month % 12) + 12) % 12];
    if (year < 1 || year > 9999) return null;
    return PlainDate.of(year, index + 1, Math.min(this.day, daysOf(year, index + 1)));
  }

  /** Complete months to another day; negative where that is earlier. */
  monthsTo(other: PlainDate): number {
    const months = (other.year - this.year) * 12 + other.month - this.month;
    if (other.days > this.days && other.day < this.day) return months - 1;
    return other.days < this.days && other.day > this.day ? months + 1 : months;
  }

  startOfMonth(): PlainDate | null {
    return PlainDate.of(this.year, this.month, 1);
  }

  endOfMonth(): PlainDate | null {
    return PlainDate.of(this.year, this.month, daysOf(this.year, this.month));
  }

  toString(): string {
    return `${pad(this.year, 4)}-${pad(this.month, 2)}-${pad(this.day, 2)}`;
  }

  private get utc(): Date {
    return new Date(this.days * daySeconds * 1000);
  }
}

/** A moment, in microseconds. */
export class Instant {
  private constructor(readonly micros: bigint) {}

  /** The moment so many microseconds after 1970-01-01 in UTC; null outside the calendar. */
  static ofMicros(micros: bigint): Instant | null {
    return micros >= BigInt(firstDay) * dayMicros && micros < (BigInt(lastDay) + 1n) * dayMicros ? new Instant(micros) : null;
  }

  /** The moment that "2024-12-31T23:59:59.5Z" says; null where the text says none. */
  static parse(text: string): Instant | null {
    const found = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:Z|\+00:00)$/.exec(text);
    const date = found && PlainDate.parse(found[1] ?? '');
    if (!found || !date) return null;
    const seconds = Number(found[2]) * 3600 + Number(found[3]) * 60 + Number(found[4] ?? 0);
    const fraction = BigInt((found[5] ?? '').padEnd(6, '0').slice(0, 6));
    return Instant.ofMicros(BigInt(date.days) * dayMicros + BigInt(seconds) * 1_000_000n + fraction);
  }

  /** The day of the moment in a time zone. */
  dayIn(timeZone: string): PlainDate | null {
    const parts = zoneFormat(timeZone).formatToParts(new Date(Number(floor(this.micros, 1000n))));
    const offset = offsetOf(parts.find((part) => part.type === 'timeZoneName')?.value ?? '');
    return PlainDate.ofDays(Number(floor(this.micros + BigInt(offset) * 1_000_000n, dayMicros)));
  }

  addDays(count: number): Instant | null {
    return Instant.ofMicros(this.micros + BigInt(count) * dayMicros);
  }

  addMonths(count: number): Instant | null {
    const day = floor(this.micros, dayMicros);
    const date = PlainDate.ofDays(Number(day))?.addMonths(count);
    return date ? Instant.ofMicros(BigInt(date.days) * dayMicros + this.micros - day * dayMicros) : null;
  }

  /** Whole days of 24 hours to another moment. */
  daysTo(other: Instant): number {
    return Number((other.micros - this.micros) / dayMicros);
  }

  /** With seconds: "2024-12-31T23:59:59Z". */
  toText(): string {
    const day = floor(this.micros, dayMicros);
    const seconds = Number((this.micros - day * dayMicros) / 1_000_000n);
    return `${PlainDate.ofDays(Number(day))}T${clock(seconds)}Z`;
  }

  /** With all that it has: "2024-12-31T23:59:59.5Z". */
  toString(): string {
    const micros = ((this.micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
    const fraction = micros.toString().padStart(6, '0').replace(/0+$/, '');
    return fraction === '' ? this.toText() : this.toText().replace('Z', `.${fraction}Z`);
  }
}

/** A time of day, in microseconds. */
export class PlainTime {
  private constructor(readonly micros: number) {}

  /** The time that "09:00" or "09:00:00" says; null where the text says none. */
  static parse(text: string): PlainTime | null {
    const found = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?$/.exec(text);
    if (!found) return null;
    const seconds = Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3] ?? 0);
    return new PlainTime(seconds * 1_000_000 + Number((found[4] ?? '').padEnd(6, '0')));
  }

  toString(): string {
    return clock(Math.floor(this.micros / 1_000_000));
  }
}

// Making a format is slow, and a form asks for the same zone at each key stroke.
const zoneFormats = new Map<string, Intl.DateTimeFormat>();

function zoneFormat(timeZone: string): Intl.DateTimeFormat {
  const known = zoneFormats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  zoneFormats.set(timeZone, made);
  return made;
}

/** Seconds that "GMT+01:00" says. The offset, not the day, is asked of the browser: for early years it answers in the Julian calendar. */
function offsetOf(name: string): number {
  const found = /([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(name);
  if (!found) return 0;
  const seconds = Number(found[2]) * 3600 + Number(found[3]) * 60 + Number(found[4] ?? 0);
  return found[1] === '-' ? -seconds : seconds;
}

function daysOf(year: number, month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 0);
  return date.getUTCDate();
}

function floor(value: bigint, unit: bigint): bigint {
  const quotient = value / unit;
  return value % unit < 0n ? quotient - 1n : quotient;
}

function clock(seconds: number): string {
  return `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
