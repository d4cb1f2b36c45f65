/** A formula as written. Positions are one-based characters. */
export type Syntax =
  | { kind: 'literal'; position: number; value: null | boolean | string | { digits: string } }
  | { kind: 'name'; position: number; name: string }
  | { kind: 'member'; position: number; target: Syntax; name: string }
  | { kind: 'call'; position: number; name: string; given: Syntax[] }
  | { kind: 'unary'; position: number; operator: '!' | '-'; operand: Syntax }
  | { kind: 'binary'; position: number; operator: string; left: Syntax; right: Syntax }
  | { kind: 'conditional'; position: number; test: Syntax; then: Syntax; other: Syntax }
  | { kind: 'array'; position: number; items: Syntax[] };

/** The text is not a formula. */
export class FormulaError extends Error {
  constructor(
    readonly position: number,
    message: string,
    readonly remedy: string,
  ) {
    super(message);
    this.name = 'FormulaError';
  }
}
