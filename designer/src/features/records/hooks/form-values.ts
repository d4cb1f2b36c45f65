import type { Entity, Field } from '@/api/model';
import type { ModelIndex } from '@/api/model-index';
import type { RecordValues } from '@/api/records';
import { columnOf } from '@/fields/field-ui';
import type { Formulas } from '@/fields/formulas';
import { exactNumber } from '@/lib/json';

const numeric = new Set(['integer', 'decimal', 'float']);

/** Properties that the server takes of a field: its columns, or the rows of a collection. */
export function propertiesOf(field: Field): string[] {
  return field.columns.length > 0 ? field.columns.map((column) => column.name) : [field.name];
}

/** The field that a property, or a field name, belongs to. */
export function fieldOfProperty(entity: Entity, property: string): Field | undefined {
  const name = property.replace(/@.*$/, '');
  return entity.fields.find((field) => field.name === name) ?? entity.fields.find((field) => propertiesOf(field).includes(name));
}

function writable(field: Field, isNew: boolean): boolean {
  return field.writable && !field.computed && !field.system && (isNew || !field.createOnly);
}

function toSend(field: Field, property: string, value: unknown): unknown {
  const type = field.columns.find((column) => column.name === property)?.type.toLowerCase();
  return type && numeric.has(type) ? exactNumber(value) : value;
}

function rowToSend(child: Entity, via: string | null | undefined, row: RecordValues): RecordValues {
  const isNew = row['id'] === undefined;
  const sent: RecordValues = isNew ? {} : { id: row['id'] };
  for (const field of child.fields) {
    if (field.name === via || field.columns.length === 0 || !writable(field, isNew)) continue;
    for (const property of propertiesOf(field)) {
      const column = field.columns.find((each) => each.name === property);
      if (row[property] !== undefined && column?.part !== 'base') sent[property] = toSend(field, property, row[property]);
    }
  }
  return sent;
}

function collectionToSend(model: ModelIndex, field: Field, rows: unknown): unknown {
  if (!Array.isArray(rows)) return [];
  const child = model.entity(field.child);
  if (field.farSide || !child) return (rows as RecordValues[]).map((row) => ({ id: row['id'] }));
  return (rows as RecordValues[]).map((row) => rowToSend(child, field.via, row));
}

/** The body that saves the changes of a form: only what changed, only what may be written. */
export function bodyOf(model: ModelIndex, entity: Entity, changes: RecordValues, isNew: boolean): RecordValues {
  const body: RecordValues = {};
  for (const field of entity.fields) {
    if (!writable(field, isNew)) continue;
    for (const property of propertiesOf(field)) {
      if (!(property in changes)) continue;
      body[property] = field.child ? collectionToSend(model, field, changes[property]) : toSend(field, property, changes[property]);
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

/** Values of a new record: constant defaults, those that the address of the page gives, then those of formulas. */
export function initialValues(model: ModelIndex, entity: Entity, given: RecordValues, formulas: Formulas): RecordValues {
  const values: RecordValues = {};
  for (const field of entity.fields) {
    const isConstant = field.default !== undefined && field.default !== null && (typeof field.default !== 'object' || Array.isArray(field.default));
    if (isConstant && field.columns.length > 0) values[columnOf(field)] = field.default;
  }
  const known = { ...values, ...given };
  return { ...known, ...formulaDefaults(model, entity, known, formulas) };
}

function sameValue(left: unknown, right: unknown): boolean {
  const normal = (value: unknown) => (value === undefined || value === '' || (Array.isArray(value) && value.length === 0) ? null : value);
  const [one, other] = [normal(left), normal(right)];
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** Takes changes over, and drops those that lead back to the stored value. */
export function mergeChanges(base: RecordValues, changes: RecordValues, next: RecordValues): RecordValues {
  const merged: RecordValues = {};
  for (const [name, value] of Object.entries({ ...changes, ...next })) if (!sameValue(base[name], value)) merged[name] = value;
  return merged;
}
