import { Instant, PlainDate } from './calendar';
import { Decimal } from './decimal';
import { functions } from './functions';
import { type FormulaScope, fromJson, type TypedValue } from './scope';
import type { Syntax } from './syntax';
import { adapt, areEqual, compare, type FormulaValue, isList, isTrue, toText } from './values';

/** Ends an evaluation that needs what the browser does not know. */
export class Unknown extends Error {}

type Of<K extends Syntax['kind']> = Extract<Syntax, { kind: K }>;

/** One evaluation of a formula over a record. */
export class Evaluation {
  private readonly now: Instant;

  constructor(private readonly scope: FormulaScope) {
    this.now = known(Instant.parse(scope.now) ?? undefined);
  }

  value(syntax: Syntax): FormulaValue {
    switch (syntax.kind) {
      case 'literal':
        return typeof syntax.value === 'object' && syntax.value !== null ? Decimal.parse(syntax.value.digits) : syntax.value;
      case 'name':
      case 'member':
        return this.path(syntax);
      case 'unary':
        return this.unary(syntax);
      case 'binary':
        return this.binary(syntax);
      case 'conditional':
        return this.value(isTrue(this.value(syntax.test)) ? syntax.then : syntax.other);
      case 'array':
        return syntax.items.map((item) => this.value(item));
      case 'call':
        return this.call(syntax);
    }
  }

  private path(syntax: Of<'name'> | Of<'member'>): FormulaValue {
    const path = pathOf(syntax);
    const [first, ...rest] = path ?? [];
    const isLength = syntax.kind === 'member' && syntax.name === 'length';
    if (first === undefined || !path) return isLength ? this.length(syntax.target) : null;
    if (isLength && (first === 'user' || path.length > 1) && !this.has(path)) return this.length(syntax.target);
    if (first === 'user' && rest.length > 0) return this.user(rest[0]);
    if (first === 'record' && rest.length > 0) return fromJson(known((this.scope.outer ?? this.scope.value)(withoutId(rest))));
    return fromJson(known(this.scope.value(withoutId(path))));
  }

  private has(path: readonly string[]): boolean {
    return path[0] !== 'user' && this.scope.value(path) !== undefined;
  }

  private length(target: Syntax): FormulaValue {
    return this.plain('len', [this.value(target)]);
  }

  private user(property: string | undefined): FormulaValue {
    const { id, name, displayName, roles, values } = this.scope.user;
    const own = { id, name, displayName, roles }[property ?? ''];
    return own ?? fromJson(known(values[property ?? '']));
  }

  private unary({ operator, operand }: Of<'unary'>): FormulaValue {
    const value = this.value(operand);
    if (operator === '!') return !isTrue(value);
    return value instanceof Decimal ? value.negate() : null;
  }

  private binary({ operator, left, right }: Of<'binary'>): FormulaValue {
    const one = this.value(left);
    if (operator === '&&') return isTrue(one) ? this.value(right) : one;
    if (operator === '||') return isTrue(one) ? one : this.value(right);
    if (operator === '??') return one ?? this.value(right);
    const other = this.value(right);
    if (operator === '==' || operator === '!=') return areEqual(one, other) === (operator === '==');
    if (operator === '<' || operator === '<=' || operator === '>' || operator === '>=') return inOrder(operator, one, other);
    return arithmetic(operator, one, other);
  }

  private call({ name, given }: Of<'call'>): FormulaValue {
    switch (name) {
      case 'if':
        return this.value(isTrue(this.value(at(given, 0))) ? at(given, 1) : at(given, 2));
      case 'coalesce':
        return this.coalesce(given);
      case 'isNew':
        return this.scope.isNew;
      case 'changed':
        return this.changed(at(given, 0));
      case 'count':
        return Decimal.ofInteger(known(this.scope.count?.(countPath(at(given, 0)))));
      case 'includes':
      case 'contains':
        return includes(this.value(at(given, 0)), this.value(at(given, 1)));
      default:
        return this.plain(name, given.map((one) => this.value(one)));
    }
  }

  private coalesce(given: Syntax[]): FormulaValue {
    for (const one of given) {
      const value = this.value(one);
      if (value !== null) return value;
    }
    return null;
  }

  private plain(name: string, given: FormulaValue[]): FormulaValue {
    const called = functions.get(name);
    if (!called) return null;
    if (called.onNull !== undefined && given.includes(null)) return called.onNull;
    return called.value(given, { now: this.now, timeZone: this.scope.timeZone });
  }

  private changed(field: Syntax): FormulaValue {
    const name = field.kind === 'name' ? field.name : field.kind === 'literal' ? String(field.value) : '';
    const now = fromJson(known(this.scope.value([name])));
    const before = this.scope.isNew ? null : fromJson(known(this.scope.previous?.(name)));
    if (isList(now) && isList(before)) return now.length !== before.length || now.some((item, index) => !areEqual(item, before[index] ?? null));
    return !areEqual(now, before);
  }
}

/** How a path begins that leads to the one record of an entity of settings; no field has such a name. */
const setting = /^setting\('(\w+)'\)$/;

/** Whether a path begins at settings, and not at the record. */
export function isSetting(path: readonly string[]): boolean {
  return settingOf(path) !== undefined;
}

/** The entity of settings at which a path begins; undefined where it begins at the record. */
export function settingOf(path: readonly string[]): string | undefined {
  return setting.exec(path[0] ?? '')?.[1];
}

/** The names of a path such as account.industry or setting('company').currency; undefined where the syntax is something else. */
export function pathOf(syntax: Syntax): string[] | undefined {
  if (syntax.kind === 'name') return [syntax.name];
  if (syntax.kind === 'call' && syntax.name === 'setting' && syntax.given[0]?.kind === 'literal') return [`setting('${String(syntax.given[0].value)}')`];
  if (syntax.kind !== 'member') return undefined;
  const target = pathOf(syntax.target);
  return target && [...target, syntax.name];
}

// The id of a record that a lookup points to is the lookup's own value.
function withoutId(path: readonly string[]): readonly string[] {
  return path.length > 1 && path.at(-1) === 'id' ? path.slice(0, -1) : path;
}

function countPath(syntax: Syntax): string[] {
  const path = pathOf(syntax) ?? [];
  return path[0] === 'record' && path.length > 1 ? path.slice(1) : path;
}

function inOrder(operator: string, left: FormulaValue, right: FormulaValue): boolean {
  const order = left === null || right === null ? undefined : compare(left, right);
  if (order === undefined) return false;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function arithmetic(operator: string, left: FormulaValue, right: FormulaValue): FormulaValue {
  if (left === null || right === null) return null;
  if (left instanceof Decimal && right instanceof Decimal) return calculate(operator, left, right);
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) return `${toText(left)}${toText(right)}`;
  if (!(left instanceof PlainDate)) return null;
  if (right instanceof PlainDate) return operator === '-' ? Decimal.ofInteger(left.days - right.days) : null;
  if (!(right instanceof Decimal)) return null;
  const count = right.truncate().toNumber();
  return left.addDays(operator === '-' ? -count : count);
}

function calculate(operator: string, left: Decimal, right: Decimal): Decimal | null {
  switch (operator) {
    case '+':
      return left.add(right);
    case '-':
      return left.subtract(right);
    case '*':
      return left.multiply(right);
    case '/':
      return left.divide(right);
    default:
      return left.remainder(right);
  }
}

function includes(within: FormulaValue, wanted: FormulaValue): boolean {
  if (within === null || wanted === null) return false;
  if (!isList(within)) return (toText(within) ?? '').includes(toText(wanted) ?? '');
  return within.some((item) => item !== null && areEqual(adapt(item, wanted), wanted));
}

function at(given: Syntax[], index: number): Syntax {
  return given[index] ?? { kind: 'literal', position: 0, value: null };
}

function known<T extends TypedValue | number | Instant>(answer: T | undefined): T {
  if (answer === undefined) throw new Unknown();
  return answer;
}
