/** Digits after the point that results keep. */
export const maxScale = 12;

/** Numbers have at most so much as digits: the engine's own limit, 2^96 - 1. */
const largest = (1n << 96n) - 1n;

/**
 * An exact decimal number, as the engine calculates: results are rounded half away from zero to 12 digits after the point,
 * and there is no result (null) where the divisor is zero or a number becomes too long.
 */
export class Decimal {
  static readonly zero = new Decimal(0n, 0);

  /** digits × 10^-scale, without zeros at the end of a fraction. */
  private constructor(
    private readonly digits: bigint,
    private readonly scale: number,
  ) {}

  /** The number that plain digits say, such as "-12.50"; null where they say none. */
  static parse(text: string): Decimal | null {
    const found = /^([+-]?)(\d*)\.?(\d*)$/.exec(text);
    if (!found || (found[2] === '' && found[3] === '')) return null;
    const magnitude = BigInt(`${found[2]}${found[3]}`);
    return Decimal.of(found[1] === '-' ? -magnitude : magnitude, found[3]?.length ?? 0, 28);
  }

  /** The number nearest to a binary one by its first 15 digits, as the engine and the database convert it. */
  static fromFloat(value: number): Decimal | null {
    if (!(Math.abs(value) < 1e15)) return null;
    const [mantissa = '0', exponent = '0'] = value.toExponential(14).split('e');
    const fraction = mantissa.split('.')[1]?.length ?? 0;
    const digits = BigInt(mantissa.replace('.', ''));
    const shift = Number(exponent) - fraction;
    return shift >= 0 ? Decimal.of(digits * power(shift), 0) : Decimal.of(digits, -shift);
  }

  static ofInteger(value: number | bigint): Decimal {
    return new Decimal(BigInt(value), 0);
  }

  add(other: Decimal): Decimal | null {
    const scale = Math.max(this.scale, other.scale);
    return Decimal.of(this.at(scale) + other.at(scale), scale, scale);
  }

  subtract(other: Decimal): Decimal | null {
    return this.add(other.negate());
  }

  multiply(other: Decimal): Decimal | null {
    return Decimal.of(this.digits * other.digits, this.scale + other.scale);
  }

  divide(other: Decimal): Decimal | null {
    if (other.digits === 0n) return null;
    // One digit more than is kept, cut off: its value decides the rounding.
    const shift = maxScale + 1 + other.scale - this.scale;
    const quotient = shift >= 0 ? (this.digits * power(shift)) / other.digits : this.digits / (other.digits * power(-shift));
    return Decimal.of(quotient, maxScale + 1);
  }

  remainder(other: Decimal): Decimal | null {
    if (other.digits === 0n) return null;
    const scale = Math.max(this.scale, other.scale);
    return Decimal.of(this.at(scale) % other.at(scale), scale, scale);
  }

  /** Rounds half away from zero to so many digits after the point; before it where negative. */
  round(places: number): Decimal | null {
    return Decimal.of(this.digits, this.scale, places);
  }

  floor(): Decimal {
    const whole = this.truncate();
    return this.digits < 0n && whole.compare(this) !== 0 ? new Decimal(whole.digits - 1n, 0) : whole;
  }

  ceil(): Decimal {
    return this.negate().floor().negate();
  }

  truncate(): Decimal {
    return new Decimal(this.digits / power(this.scale), 0);
  }

  abs(): Decimal {
    return this.digits < 0n ? this.negate() : this;
  }

  negate(): Decimal {
    return new Decimal(-this.digits, this.scale);
  }

  compare(other: Decimal): number {
    const scale = Math.max(this.scale, other.scale);
    const [one, two] = [this.at(scale), other.at(scale)];
    return one < two ? -1 : one > two ? 1 : 0;
  }

  get isZero(): boolean {
    return this.digits === 0n;
  }

  /** As a binary number: for counts and digits, not for amounts. */
  toNumber(): number {
    return Number(this.toString());
  }

  toString(): string {
    const sign = this.digits < 0n ? '-' : '';
    const text = (this.digits < 0n ? -this.digits : this.digits).toString().padStart(this.scale + 1, '0');
    return this.scale === 0 ? sign + text : `${sign}${text.slice(0, -this.scale)}.${text.slice(-this.scale)}`;
  }

  private at(scale: number): bigint {
    return this.digits * power(scale - this.scale);
  }

  private static of(digits: bigint, scale: number, places = maxScale): Decimal | null {
    if (scale > places) {
      const unit = power(scale - places);
      digits = (digits + (digits < 0n ? -unit / 2n : unit / 2n)) / unit;
      scale = places;
    }
    if (scale < 0) {
      digits *= power(-scale);
      scale = 0;
    }
    while (scale > 0 && digits % 10n === 0n) {
      digits /= 10n;
      scale--;
    }
    return digits > largest || digits < -largest ? null : new Decimal(digits, scale);
  }
}

function power(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}
