import { Evaluation, isSetting, pathOf, Unknown } from './evaluate';
import { functions } from './functions';
import { parse } from './parser';
import type { FormulaScope } from './scope';
import { FormulaError, type Syntax } from './syntax';
import { type FormulaValue, isTrue } from './values';

/** Functions that look at how their arguments are written: fewest and most arguments. */
const special: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['if', [3, 3]],
  ['coalesce', [1, Infinity]],
  ['isNew', [0, 0]],
  ['changed', [1, 1]],
  ['count', [1, 1]],
  ['setting', [1, 1]],
  ['includes', [2, 2]],
  ['contains', [2, 2]],
]);

/** Names of all functions. */
export const functionNames: readonly string[] = [...functions.keys(), ...special.keys()].sort();

/** A formula that can be evaluated. Gives what the engine gives over the same record. */
export class Formula {
  /** What it asks of the record, and of those that it points to, such as [["status"], ["account", "industry"]]. */
  readonly paths: readonly (readonly string[])[];

  constructor(
    readonly text: string,
    private readonly syntax: Syntax,
  ) {
    this.paths = pathsOf(syntax);
  }

  /** The value; null where there is none; undefined where it depends on what the browser does not know. */
  evaluate(scope: FormulaScope): FormulaValue | undefined {
    try {
      return new Evaluation(scope).value(this.syntax);
    } catch (error) {
      if (error instanceof Unknown) return undefined;
      throw error;
    }
  }

  /** Whether the value counts as true; undefined where that depends on what the browser does not know. */
  isTrue(scope: FormulaScope): boolean | undefined {
    const value = this.evaluate(scope);
    return value === undefined ? undefined : isTrue(value);
  }
}

/** Reads a formula. Names and kinds are not checked: the publish did that. */
export function compileFormula(text: string): Formula | FormulaError {
  try {
    const syntax = parse(text);
    checkCalls(syntax);
    return new Formula(text, syntax);
  } catch (error) {
    if (error instanceof FormulaError) return error;
    throw error;
  }
}

function checkCalls(syntax: Syntax): void {
  if (syntax.kind === 'call') {
    const known = functions.get(syntax.name);
    const range = known ? ([known.least, known.most] as const) : special.get(syntax.name);
    if (!range) throw new FormulaError(syntax.position, `There is no function '${syntax.name}'.`, `Known are ${functionNames.join(', ')}.`);
    if (syntax.given.length < range[0] || syntax.given.length > range[1])
      throw new FormulaError(syntax.position, `${syntax.name} has the wrong number of arguments.`, 'See the list of functions.');
  }
  for (const part of partsOf(syntax)) checkCalls(part);
}

function pathsOf(syntax: Syntax): (readonly string[])[] {
  const path = pathOf(syntax);
  if (path) return (path[0] === 'user' && path.length > 1) || isSetting(path) ? [] : [path];
  return partsOf(syntax).flatMap(pathsOf);
}

function partsOf(syntax: Syntax): Syntax[] {
  switch (syntax.kind) {
    case 'member':
      return [syntax.target];
    case 'unary':
      return [syntax.operand];
    case 'binary':
      return [syntax.left, syntax.right];
    case 'conditional':
      return [syntax.test, syntax.then, syntax.other];
    case 'array':
      return syntax.items;
    case 'call':
      return syntax.given;
    default:
      return [];
  }
}
