import type { Entity, Field } from '@/api/model';
import { Decimal } from '@/formula/decimal';
import { Formula } from '@/formula/formula';
import { pathOf } from '@/formula/evaluate';
import { parse } from '@/formula/parser';
import type { FormulaScope } from '@/formula/scope';
import { FormulaError, type Syntax } from '@/formula/syntax';
import type { FormulaValue } from '@/formula/values';
import { columnOf } from '../field-ui';

const operators: Record<string, string> = { '==': 'eq', '!=': 'ne', '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' };
const mirrored: Record<string, string> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function literal(value: FormulaValue, field: Field): string | undefined {
  if (value === null) return 'null';
  if (typeof value === 'boolean' || value instanceof Decimal) return String(value);
  if (typeof value === 'string' && field.kind === 'text') return `'${value.replaceAll("'", "''")}'`;
  return Array.isArray(value) ? undefined : String(value);
}

function parts(syntax: Syntax): Syntax[] {
  return syntax.kind === 'binary' && syntax.operator === '&&' ? [...parts(syntax.left), ...parts(syntax.right)] : [syntax];
}

/** Writes one condition over the target's own fields as OData; undefined where it is too rich for that. */
function write(syntax: Syntax, target: Entity, scope: FormulaScope): string | undefined {
  const own = (side: Syntax) => {
    const path = pathOf(side);
    return path?.length === 1 ? target.fields.find((field) => field.name === path[0] && field.columns.length > 0) : undefined;
  };
  const flag = own(syntax);
  if (flag) return flag.kind === 'boolean' ? `${columnOf(flag)} eq true` : undefined;
  if (syntax.kind === 'unary' && syntax.operator === '!') {
    const field = own(syntax.operand);
    return field?.kind === 'boolean' ? `(${columnOf(field)} eq false or ${columnOf(field)} eq null)` : undefined;
  }
  if (syntax.kind !== 'binary' || !operators[syntax.operator]) return undefined;
  const field = own(syntax.left) ?? own(syntax.right);
  const isLeft = own(syntax.left) !== undefined;
  if (!field) return undefined;
  const value = new Formula('', isLeft ? syntax.right : syntax.left).evaluate(scope);
  const text = value === undefined ? undefined : literal(value, field);
  const operator = isLeft ? syntax.operator : (mirrored[syntax.operator] ?? syntax.operator);
  return text && `${columnOf(field)} ${operators[operator]} ${text}`;
}

/**
 * Writes what a lookup's filter says about its candidates as OData, the values of the record filled in. Conditions that
 * OData cannot say are left out: more is offered then, and the server still checks what is chosen.
 */
export function lookupFilter(field: Field, target: Entity, scope: FormulaScope): string | undefined {
  if (!field.filter) return undefined;
  try {
    return parts(parse(field.filter)).flatMap((part) => write(part, target, scope) ?? []).join(' and ') || undefined;
  } catch (error) {
    if (error instanceof FormulaError) return undefined;
    throw error;
  }
}
