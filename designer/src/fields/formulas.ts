import type { Entity, Field } from '@/api/model';
import type { ModelIndex } from '@/api/model-index';
import type { RecordValues } from '@/api/records';
import { Decimal } from '@/formula/decimal';
import { settingOf } from '@/formula/evaluate';
import { compileFormula, type Formula } from '@/formula/formula';
import type { FormulaScope, TypedValue } from '@/formula/scope';
import { FormulaError } from '@/formula/syntax';
import type { FormulaValue } from '@/formula/values';
import { exactNumber } from '@/lib/json';

/** The record that a formula is asked about. */
export interface RecordScope {
  entity: Entity;
  values: RecordValues;
  /** Values before they were edited; those at hand where missing. */
  previous?: RecordValues | undefined;
  isNew: boolean;
  /** Properties that somebody has emptied by hand: rules' defaults leave them so. */
  emptied?: ReadonlySet<string> | undefined;
  /** The record that a child row belongs to, and the row's lookup that points to it. */
  parent?: { via: string; scope: RecordScope } | undefined;
}

const columnKinds: Record<string, string> = { integer: 'number', decimal: 'number', timestamp: 'dateTime' };

function ownValue({ entity, values }: RecordScope, name: string): TypedValue | undefined {
  const field = entity.fields.find((each) => each.name === name);
  const column = field ? field.columns[0] : entity.fields.flatMap((each) => each.columns).find((each) => each.name === name);
  if (!column) return name === 'id' ? { kind: 'uuid', value: values['id'] } : undefined;
  return { kind: field?.kind ?? columnKinds[column.type] ?? column.type, value: nothingWithoutItems(values[column.name]) };
}

/** The API shows a list without items as an empty one; to formulas it is null. */
function nothingWithoutItems(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? null : value;
}

function farValue(model: ModelIndex, scope: RecordScope, path: readonly string[]): TypedValue | undefined {
  const [first = '', ...rest] = path;
  if (scope.parent && (first === scope.parent.via || first === 'parent')) return valueAt(model, scope.parent.scope, rest);
  const lookup = scope.entity.fields.find((field) => field.name === first);
  const target = model.entity(lookup?.targets?.[0]);
  const idColumn = lookup?.columns[0]?.name;
  if (!lookup || !target || !idColumn || lookup.polymorphic) return undefined;
  const id = scope.values[idColumn];
  if (id === null || id === undefined) return { kind: 'text', value: null };
  const record = scope.values[first] as RecordValues | null | undefined;
  const found = record && valueAt(model, { entity: target, values: record, isNew: false }, rest);
  return found?.value === undefined ? undefined : found;
}

function valueAt(model: ModelIndex, scope: RecordScope, path: readonly string[]): TypedValue | undefined {
  return path.length === 1 ? ownValue(scope, path[0] ?? '') : farValue(model, scope, path);
}

/** A value as the API writes it. */
function toJson(value: FormulaValue): unknown {
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Decimal) return exactNumber(value.toString());
  return typeof value === 'object' && value !== null ? String(value) : value;
}

/** Runs the formulas of the model over records while they are edited. */
export class Formulas {
  private readonly compiled = new Map<string, Formula | null>();

  /**
   * @param model The model.
   * @param settings The records of entities that have exactly one, by entity name; those that are not here are left to the server.
   */
  constructor(
    private readonly model: ModelIndex,
    private readonly settings: ReadonlyMap<string, RecordValues> = new Map(),
  ) {}

  /** Whether a condition holds; undefined where the browser cannot know. */
  holds(text: string, scope: RecordScope): boolean | undefined {
    return this.find(text)?.isTrue(this.scopeOf(scope));
  }

  /** The value of a formula as the API writes it; undefined where the browser cannot know. */
  value(text: string, scope: RecordScope): unknown {
    const value = this.find(text)?.evaluate(this.scopeOf(scope));
    return value === undefined ? undefined : toJson(value);
  }

  /** What a formula asks of a record. */
  pathsOf(text: string): readonly (readonly string[])[] {
    return this.find(text)?.paths ?? [];
  }

  /** What a lookup's filter sees of the record that holds the lookup; of the candidates it knows nothing. */
  outerScope(scope: RecordScope): FormulaScope {
    return { ...this.scopeOf(scope), value: (path) => this.settingAt(path), outer: (path) => valueAt(this.model, scope, path) };
  }

  /** A value of settings; undefined where the path leads elsewhere. */
  private settingAt(path: readonly string[]): TypedValue | undefined {
    const name = settingOf(path);
    const entity = this.model.entity(name);
    const values = name === undefined ? undefined : this.settings.get(name);
    return entity && values && path.length > 1 ? valueAt(this.model, { entity, values, isNew: false }, path.slice(1)) : undefined;
  }

  private find(text: string): Formula | null {
    const known = this.compiled.get(text);
    if (known !== undefined) return known;
    const read = compileFormula(text);
    const formula = read instanceof FormulaError ? null : read;
    this.compiled.set(text, formula);
    return formula;
  }

  private scopeOf(scope: RecordScope): FormulaScope {
    const { user, timeZone } = this.model.source;
    return {
      value: (path) => {
        const settings = settingOf(path);
        if (settings === undefined) return valueAt(this.model, scope, path);
        // The settings themselves are asked as they are being edited.
        return settings === scope.entity.name ? valueAt(this.model, scope, path.slice(1)) : this.settingAt(path);
      },
      previous: (name) => ownValue({ ...scope, values: scope.previous ?? scope.values }, name),
      count: (path) => {
        const rows = path.length === 1 ? scope.values[path[0] ?? ''] : undefined;
        return Array.isArray(rows) ? rows.length : undefined;
      },
      isNew: scope.isNew,
      user: { id: user.id, name: user.userName, displayName: user.displayName, roles: user.roles, values: Object.fromEntries(user.values.map((one) => [one.name, { kind: one.kind, value: one.value }])) },
      now: new Date().toISOString(),
      // The organisation's, not the browser's: today() must be one day everywhere.
      timeZone,
    };
  }
}

/** What the rules of a field say about one record. */
export interface FieldState {
  visible: boolean;
  required: boolean;
  readOnly: boolean;
}

/** Applies the rules of a field to a record. What the browser cannot decide is left to the server. */
export function fieldState(field: Field, scope: RecordScope, formulas: Formulas, mayWrite: boolean): FieldState {
  const holds = (condition: boolean | string, unknown: boolean) =>
    typeof condition === 'string' ? (formulas.holds(condition, scope) ?? unknown) : condition;
  const locked = !field.writable || (field.createOnly && !scope.isNew);
  const readOnly = !mayWrite || locked || holds(field.readonly, false);
  return { visible: holds(field.visible, true), required: !readOnly && holds(field.required, false), readOnly };
}
