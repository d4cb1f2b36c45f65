import { FormulaError } from './syntax';

export interface Token {
  kind: 'name' | 'number' | 'text' | 'symbol' | 'end';
  text: string;
  position: number;
}

// Longest first: "===" must not be read as "==" and "=".
const symbols = [
  ...['===', '!==', '==', '!=', '<=', '>=', '&&', '||', '??', '?.'],
  ...['+', '-', '*', '/', '%', '<', '>', '!', '?', ':', '.', ',', '(', ')', '[', ']'],
];

const remedies: Record<string, string> = {
  '=': 'Compare with ==.',
  '&': "Write && for 'and'.",
  '|': "Write || for 'or'.",
  '`': 'Put text in \' or ", and join texts with + or concat().',
};

const escapes: Record<string, string> = { n: '\n', t: '\t', '\\': '\\', "'": "'", '"': '"' };

/** Cuts formula text into tokens. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const blank = /\s+/y;
    blank.lastIndex = at;
    if (blank.test(text)) {
      at = blank.lastIndex;
      continue;
    }
    const [token, end] = next(text, at);
    found.push(token);
    at = end;
  }
  found.push({ kind: 'end', text: '', position: text.length + 1 });
  return found;
}

function next(text: string, at: number): [Token, number] {
  const name = match(/[A-Za-z_$][A-Za-z0-9_$]*/y, text, at);
  if (name !== undefined) return [{ kind: 'name', text: name, position: at + 1 }, at + name.length];
  const number = match(/(\d+\.?\d*|\.\d+)/y, text, at);
  if (number !== undefined) return numberAt(text, at, number);
  const first = text.charAt(at);
  if (first === "'" || first === '"') return quotedAt(text, at, first);
  const symbol = symbols.find((one) => text.startsWith(one, at));
  if (symbol !== undefined) return [{ kind: 'symbol', text: symbol, position: at + 1 }, at + symbol.length];
  throw new FormulaError(at + 1, `'${first}' has no meaning here.`, remedies[first] ?? 'Remove it.');
}

function numberAt(text: string, at: number, digits: string): [Token, number] {
  const end = at + digits.length;
  if (/[A-Za-z]/.test(text.charAt(end)))
    throw new FormulaError(at + 1, `'${text.slice(at, end + 1)}' is not a number.`, 'Write numbers as digits with a point, such as 1200.5.');
  return [{ kind: 'number', text: digits, position: at + 1 }, end];
}

function quotedAt(text: string, start: number, quote: string): [Token, number] {
  let value = '';
  let at = start + 1;
  while (at < text.length && text[at] !== quote) {
    if (text[at] !== '\\') {
      value += text[at++];
      continue;
    }
    const [character, end] = escapedAt(text, at + 1, start);
    value += character;
    at = end;
  }
  if (at >= text.length) throw new FormulaError(start + 1, 'The text is not closed.', `End it with ${quote}.`);
  return [{ kind: 'text', text: value, position: start + 1 }, at + 1];
}

function escapedAt(text: string, at: number, start: number): [string, number] {
  const plain = escapes[text.charAt(at)];
  if (plain !== undefined) return [plain, at + 1];
  const code = match(/u[0-9a-fA-F]{4}/y, text, at);
  if (code !== undefined && code !== 'u0000') return [String.fromCharCode(parseInt(code.slice(1), 16)), at + 5];
  throw new FormulaError(start + 1, 'The text has an unknown escape.', 'Known are \\n, \\t, \\\\, \\\', \\" and \\u0000 with four hexadecimal digits.');
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
