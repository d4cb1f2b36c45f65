import { type Token, tokens } from './lexer';
import { FormulaError, type Syntax } from './syntax';

/** Longest formula, in characters. */
const maxLength = 4000;
const maxDepth = 60;

const levels = [['??'], ['||'], ['&&'], ['==', '!=', '===', '!=='], ['<', '<=', '>', '>='], ['+', '-'], ['*', '/', '%']];

/** What can be written behind a point: the name there, and the function it stands for. */
const methods: Record<string, string> = {
  includes: 'includes',
  contains: 'contains',
  startsWith: 'startsWith',
  endsWith: 'endsWith',
  toUpperCase: 'upper',
  toLowerCase: 'lower',
  trim: 'trim',
  toString: 'text',
};

/** Reads a formula; throws a FormulaError where the text is none. */
export function parse(text: string): Syntax {
  if (text.length > maxLength)
    throw new FormulaError(1, `The formula has ${text.length} characters, more than ${maxLength}.`, 'Split it over several computed fields.');
  return new Parser(tokens(text)).whole();
}

class Parser {
  private at = 0;
  private depth = 0;
  private readonly parenthesised = new Set<Syntax>();

  constructor(private readonly found: Token[]) {}

  whole(): Syntax {
    if (this.found.length === 1) throw new FormulaError(1, 'The formula is empty.', 'Write an expression, such as value * 12.');
    const syntax = this.conditional();
    if (this.current.kind !== 'end') throw this.unexpected('the formula should end');
    return syntax;
  }

  private get current(): Token {
    return this.found[this.at] ?? { kind: 'end', text: '', position: 0 };
  }

  private is(symbol: string): boolean {
    return this.current.kind === 'symbol' && this.current.text === symbol;
  }

  private conditional(): Syntax {
    this.enter();
    const test = this.binary(0);
    this.depth--;
    if (!this.is('?')) return test;
    this.at++;
    this.enter();
    const then = this.conditional();
    this.expect(':', 'a choice is written condition ? one : other');
    const other = this.conditional();
    this.depth--;
    return { kind: 'conditional', position: test.position, test, then, other };
  }

  private binary(level: number): Syntax {
    const operators = levels[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    while (this.current.kind === 'symbol' && operators.includes(this.current.text)) {
      const symbol = this.take();
      const right = this.binary(level + 1);
      if (symbol.text === '??' && (this.isLogic(left) || this.isLogic(right)))
        throw new FormulaError(symbol.position, '?? beside && or || is ambiguous.', 'Put one of them in parentheses.');
      const operator = symbol.text === '===' || symbol.text === '!==' ? symbol.text.slice(0, 2) : symbol.text;
      left = { kind: 'binary', position: left.position, operator, left, right };
    }
    return left;
  }

  private isLogic(side: Syntax): boolean {
    return side.kind === 'binary' && (side.operator === '&&' || side.operator === '||') && !this.parenthesised.has(side);
  }

  private unary(): Syntax {
    if (!this.is('!') && !this.is('-') && !this.is('+')) return this.postfix();
    this.enter();
    const symbol = this.take();
    const operand = this.unary();
    this.depth--;
    if (symbol.text === '+') return operand;
    return { kind: 'unary', position: symbol.position, operator: symbol.text === '!' ? '!' : '-', operand };
  }

  private postfix(): Syntax {
    let syntax = this.primary();
    while (this.is('.') || this.is('?.')) {
      this.at++;
      if (this.current.kind !== 'name') throw this.unexpected('a name should follow the point');
      const name = this.take();
      syntax = this.is('(') ? this.method(syntax, name) : { kind: 'member', position: name.position, target: syntax, name: name.text };
    }
    return syntax;
  }

  private method(target: Syntax, name: Token): Syntax {
    const known = Object.hasOwn(methods, name.text) ? methods[name.text] : undefined;
    if (known === undefined)
      throw new FormulaError(name.position, `There is no method '${name.text}'.`, `Known are ${Object.keys(methods).join(', ')}.`);
    return { kind: 'call', position: name.position, name: known, given: [target, ...this.given()] };
  }

  private primary(): Syntax {
    const token = this.current;
    if (token.kind === 'symbol' && token.text === '(') {
      this.at++;
      const inner = this.conditional();
      this.expect(')', 'the parenthesis should close');
      this.parenthesised.add(inner);
      return inner;
    }
    if (token.kind === 'symbol' && token.text === '[') {
      this.at++;
      return { kind: 'array', position: token.position, items: this.list(']') };
    }
    if (token.kind === 'symbol' || token.kind === 'end') throw this.unexpected('a value should stand');
    this.at++;
    if (token.kind === 'number') return { kind: 'literal', position: token.position, value: { digits: digitsOf(token) } };
    return token.kind === 'text' ? { kind: 'literal', position: token.position, value: token.text } : this.named(token);
  }

  private named(name: Token): Syntax {
    const { position } = name;
    if (name.text === 'true' || name.text === 'false') return { kind: 'literal', position, value: name.text === 'true' };
    if (name.text === 'null') return { kind: 'literal', position, value: null };
    if (name.text === 'undefined') throw new FormulaError(position, "There is no 'undefined' in formulas.", 'Write null.');
    return this.is('(') ? { kind: 'call', position, name: name.text, given: this.given() } : { kind: 'name', position, name: name.text };
  }

  private given(): Syntax[] {
    this.at++;
    return this.list(')');
  }

  private list(end: string): Syntax[] {
    const items: Syntax[] = [];
    while (!this.is(end)) {
      if (items.length > 0) this.expect(',', `a comma or ${end} should stand`);
      items.push(this.conditional());
    }
    this.at++;
    return items;
  }

  private take(): Token {
    const token = this.current;
    this.at++;
    return token;
  }

  private enter(): void {
    if (++this.depth > maxDepth) throw new FormulaError(this.current.position, 'The formula is nested too deeply.', 'Split it over several computed fields.');
  }

  private expect(symbol: string, rule: string): void {
    if (!this.is(symbol)) throw this.unexpected(rule);
    this.at++;
  }

  private unexpected(rule: string): FormulaError {
    const { kind, text, position } = this.current;
    if (kind === 'end') return new FormulaError(position, `The formula ends where ${rule}.`, 'Complete it.');
    const word = kind === 'name' ? { and: '&&', or: '||', not: '!' }[text] : undefined;
    if (word) return new FormulaError(position, `'${text}' is not an operator.`, `Write ${word}.`);
    return new FormulaError(position, `'${text}' stands where ${rule}.`, 'Correct or remove it.');
  }
}

function digitsOf(token: Token): string {
  const [whole = '', fraction = ''] = token.text.split('.');
  if (whole.replace(/^0+/, '').length > 16 || fraction.length > 12)
    throw new FormulaError(token.position, `The number ${token.text} has too many digits.`, 'At most 16 digits stand before the point and 12 after it.');
  return token.text;
}
