interface NumberSource {
  source?: string;
}

type Reviver = (this: unknown, key: string, value: unknown, context?: NumberSource) => unknown;

interface RawJson {
  rawJSON?: (text: string) => unknown;
}

const numberPattern = /^-?\d+(\.\d+)?$/;

/** Whether a number written in JSON survives the way through a double with all its digits. */
function survives(source: string): boolean {
  const digits = source.replace(/[-.]/g, '').replace(/^0+/, '').replace(/e.*$/i, '');
  return digits.length <= 15;
}

/** Reads JSON; a number with more digits than a double holds becomes its text, so that no digit is lost. */
export function parseJson(text: string): unknown {
  const reviver: Reviver = (_key, value, context) =>
    typeof value === 'number' && context?.source !== undefined && !survives(context.source) ? context.source : value;
  return JSON.parse(text, reviver);
}

/** Text that stands for a number with many digits, marked so that it is written as a number. */
export class ExactNumber {
  constructor(readonly text: string) {}

  toJSON(): unknown {
    const raw = (JSON as RawJson).rawJSON;
    return raw ? raw(this.text) : Number(this.text);
  }

  /** The digits: what formulas calculate with. */
  toString(): string {
    return this.text;
  }
}

/** The value to send for a numeric column: a number, or the exact digits where a double would lose some. */
export function exactNumber(value: unknown): unknown {
  if (typeof value !== 'string' || !numberPattern.test(value)) return value;
  return survives(value) ? Number(value) : new ExactNumber(value);
}
