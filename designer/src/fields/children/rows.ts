import type { Entity, Field } from '@/api/model';
import type { ModelIndex } from '@/api/model-index';
import type { RecordValues } from '@/api/records';
import { isEmpty } from '../field-ui';

/** Property that tells rows apart which are not stored yet; it never leaves the browser. */
export const rowKey = '_key';

/** The child rows of a record. */
export function rowsOf(field: Field, values: RecordValues): RecordValues[] {
  const value = values[field.name];
  return Array.isArray(value) ? (value as RecordValues[]) : [];
}

/** Something that stays the same for a row as long as it is on screen. */
export function keyOf(row: RecordValues): string {
  return String(row['id'] ?? row[rowKey]);
}

/** Columns of the grid: those that the field names, else the child's own that people see. */
export function gridFields(model: ModelIndex, field: Field, child: Entity): Field[] {
  const named = field.gridColumns?.flatMap((name) => model.field(child, name) ?? []) ?? [];
  if (named.length > 0) return named;
  return child.fields.filter((each) => !each.system && !each.hidden && each.name !== field.via && each.columns.length > 0).slice(0, 6);
}

/** A row with the constant defaults of its entity. */
export function newRow(child: Entity): RecordValues {
  const row: RecordValues = { [rowKey]: crypto.randomUUID() };
  for (const field of child.fields) {
    const column = field.columns[0]?.name;
    const constant = field.default !== undefined && field.default !== null && typeof field.default !== 'object';
    if (column && constant) row[column] = field.default;
  }
  return row;
}

/** Properties of a row that was not stored yet that have been emptied by hand. */
export function emptiedIn(row: RecordValues): ReadonlySet<string> {
  return new Set(Object.keys(row).filter((property) => row['id'] === undefined && isEmpty(row[property])));
}
