import type { Entity, Field } from '@/api/model';
import type { ModelIndex } from '@/api/model-index';
import type { RecordValues } from '@/api/records';
import { ownerField } from '../access/owned';
import { columnOf, isEmpty, sameValue } from '@/fields/field-ui';
import type { Formulas } from '@/fields/formulas';
import { propertiesOf } from '@/fields/rules';
import { exactNumber } from '@/lib/json';

const numeric = new Set(['integer', 'decimal', 'float']);

/** The field that a property, or a field name, belongs to. */
export function fieldOfProperty(entity: Entity, property: string): Field | undefined {
  const name = property.replace(/@.*$/, '');
  return entity.fields.find((field) => field.name === name) ?? entity.fields.find((field) => propertiesOf(field).includes(name));
}

function writable(field: Field, isNew: boolean): boolean {
  return field.writable && (isNew || !field.createOnly);
}

function toSend(field: Field, property: string, value: unknown): unknown {
  const type = field.columns.find((column) => column.name === property)?.type.toLowerCase();
  return type && numeric.has(type) ? exactNumber(value) : value;
}

/** Properties of a field that clients write: not the parts that the engine works out, nor a currency said by another field. */
function sentProperties(field: Field): string[] {
  if (field.columns.length === 0 || field.type === 'secret') return [field.name];
  const isSent = (part: string | null | undefined) => part !== 'base' && !(part === 'currency' && field.currency);
  return field.columns.filter((column) => isSent(column.part)).map((column) => column.name);
}

/** A row of a grid: all of a new one, of a stored one what changed. */
function rowToSend(child: Entity, via: string | null | undefined, row: RecordValues, stored: RecordValues | undefined): RecordValues {
  const sent: RecordValues = stored ? { id: row['id'] } : {};
  for (const field of child.fields) {
    if (field.name === via || field.columns.length === 0 || !writable(field, !stored)) continue;
    for (const property of sentProperties(field)) {
      const value = row[property];
      if (value !== undefined && !(stored && sameValue(stored[property], value))) sent[property] = toSend(field, property, value);
    }
  }
  return sent;
}

function collectionToSend(model: ModelIndex, field: Field, value: unknown, base: unknown): unknown {
  const rows = Array.isArray(value) ? (value as RecordValues[]) : [];
  const stored = Array.isArray(base) ? (base as RecordValues[]) : [];
  const child = model.entity(field.child);
  if (field.farSide || !child) return rows.map((row) => ({ id: row['id'] }));
  return rows.map((row) => rowToSend(child, field.via, row, stored.find((each) => each['id'] === row['id'])));
}

/** The body that saves the changes of a form: only what changed against `base`, only what may be written. */
export function bodyOf(model: ModelIndex, entity: Entity, base: RecordValues, changes: RecordValues, isNew: boolean): RecordValues {
  const body: RecordValues = {};
  for (const field of entity.fields) {
    if (!writable(field, isNew)) continue;
    // The record says when a secret was changed, and that there is none any more.
    if (field.type === 'secret' && changes[columnOf(field)] === null) body[field.name] = null;
    for (const property of sentProperties(field)) {
      if (!(property in changes)) continue;
      const value = changes[property];
      body[property] = field.child ? collectionToSend(model, field, value, base[property]) : toSend(field, property, value);
    }
  }
  return body;
}

function formulaOf(value: unknown): string | undefined {
  const formula = typeof value === 'object' && value !== null ? (value as { formula?: unknown }).formula : undefined;
  return typeof formula === 'string' ? formula : undefined;
}

/** What formulas give for the fields of a new record that have no value yet; a person is shown by name. */
function formulaDefaults(model: ModelIndex, entity: Entity, values: RecordValues, formulas: Formulas): RecordValues {
  const { user } = model.source;
  const found: RecordValues = {};
  for (const field of entity.fields) {
    const formula = formulaOf(field.default);
    const column = columnOf(field);
    if (!formula || field.columns.length === 0 || values[column] !== undefined) continue;
    const value = formulas.value(formula, { entity, values: { ...values, ...found }, isNew: true });
    if (value === undefined || value === null) continue;
    found[column] = value;
    if (field.targets?.[0] === 'user' && value === user.id) found[field.name] = { id: user.id, label: user.displayName };
  }
  return found;
}

/** Who a new record belongs to where nobody else is chosen. */
function ownership(model: ModelIndex, entity: Entity): RecordValues {
  const { user } = model.source;
  const owner = ownerField(entity);
  return owner ? { [columnOf(owner)]: user.id, [columnOf(owner, 'type')]: 'user', [owner.name]: { id: user.id, label: user.displayName } } : {};
}

/** Values of a new record: its owner, constant defaults, those that the address of the page gives, then those of formulas. */
export function initialValues(model: ModelIndex, entity: Entity, given: RecordValues, formulas: Formulas): RecordValues {
  const values: RecordValues = ownership(model, entity);
  for (const field of entity.fields) {
    const isConstant = field.default !== undefined && field.default !== null && (typeof field.default !== 'object' || Array.isArray(field.default));
    if (isConstant && field.columns.length > 0) values[columnOf(field)] = field.default;
  }
  const known = { ...values, ...given };
  return { ...known, ...formulaDefaults(model, entity, known, formulas) };
}

/** Takes changes over, and drops those that lead back to the stored value; but not a value of `emptied` that was emptied by hand. */
export function mergeChanges(base: RecordValues, changes: RecordValues, next: RecordValues, emptied: ReadonlySet<string> = new Set()): RecordValues {
  const merged: RecordValues = {};
  for (const [name, value] of Object.entries({ ...changes, ...next })) if (!sameValue(base[name], value) || (emptied.has(name) && isEmpty(value))) merged[name] = value;
  return merged;
}
