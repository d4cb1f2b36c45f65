import type { Entity } from '@/api/model';
import type { RecordValues } from '@/api/records';
import { columnOf } from '@/fields/field-ui';

/** A record as scripts see it: by field name, a lookup as its id; further parts of a field by their column. */
export function toScript(entity: Entity, values: RecordValues): RecordValues {
  const seen: RecordValues = { id: values['id'] ?? null };
  for (const field of entity.fields) {
    seen[field.name] = values[columnOf(field)] ?? null;
    for (const part of field.columns.slice(1)) seen[part.name] = values[part.name] ?? null;
  }
  // Exact numbers become plain ones on their way.
  return JSON.parse(JSON.stringify(seen)) as RecordValues;
}

/** The names under which scripts see a record's values, and those that they can change. */
export function scriptNames(entity: Entity): { fields: string[]; writable: string[] } {
  const names = (all: Entity['fields']) => all.flatMap((field) => [field.name, ...field.columns.slice(1).map((part) => part.name)]);
  return { fields: ['id', ...names(entity.fields)], writable: names(entity.fields.filter((field) => field.writable && field.columns.length > 0)) };
}

/** What scripts have assigned, as properties of the record. */
export function fromScript(entity: Entity, changes: RecordValues): RecordValues {
  const properties: RecordValues = {};
  for (const [name, value] of Object.entries(changes)) {
    const field = entity.fields.find((each) => each.name === name);
    properties[field ? columnOf(field) : name] = value;
    // Nobody knows what the record is called that a script has chosen.
    if (field?.targets) properties[field.name] = null;
  }
  return properties;
}
