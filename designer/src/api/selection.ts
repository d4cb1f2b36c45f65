import type { Entity, Field } from './model';
import type { FieldPath, ModelIndex } from './model-index';
import type { RecordValues } from './records';

/** The part of a list or record query that says which values come back. */
export interface Selection {
  select: string[];
  expand: string | undefined;
}

function isReference(field: Field): boolean {
  return (field.targets?.length ?? 0) > 0 && !field.child && field.columns.length > 0;
}

/** Properties that name a record of the entity: what lookups and links show. */
function namingColumns(model: ModelIndex, entity: Entity): string[] {
  const primary = model.primary(entity)?.columns[0]?.name;
  return primary ? ['id', primary] : ['id'];
}

function expandReference(model: ModelIndex, lookup: Field, extra: Iterable<string>): string {
  if (lookup.polymorphic) return lookup.name;
  const target = model.entity(lookup.targets?.[0]);
  if (!target) return lookup.name;
  const columns = new Set([...namingColumns(model, target), ...extra]);
  return `${lookup.name}($select=${[...columns].join(',')})`;
}

function expandChildren(model: ModelIndex, field: Field): string {
  const child = model.entity(field.child);
  if (!child) return field.name;
  const own = child.fields.filter((each) => each.name !== field.via && each.columns.length > 0);
  const { select, expand } = selectionOf(model, own.map((each) => ({ path: each.name, field: each })));
  const parts = [`$select=${select.join(',')}`, ...(expand ? [`$expand=${expand}`] : [])];
  return `${field.name}(${parts.join(';')})`;
}

function expandLinks(model: ModelIndex, field: Field): string {
  const target = model.entity(field.targets?.[0]);
  return target ? `${field.name}($select=${namingColumns(model, target).join(',')})` : field.name;
}

/** Columns and expansions that the given fields need. */
export function selectionOf(model: ModelIndex, paths: readonly FieldPath[]): Selection {
  const select = new Set<string>(['id']);
  const references = new Map<string, { lookup: Field; columns: Set<string> }>();
  const collections: string[] = [];
  const reference = (lookup: Field) => {
    const known = references.get(lookup.name) ?? { lookup, columns: new Set<string>() };
    references.set(lookup.name, known);
    return known;
  };
  for (const { lookup, field } of paths) {
    if (lookup) {
      const known = reference(lookup);
      for (const column of field.columns) known.columns.add(column.name);
      continue;
    }
    for (const column of field.columns) select.add(column.name);
    if (isReference(field)) reference(field);
    else if (field.child && field.farSide) collections.push(expandLinks(model, field));
    else if (field.child) collections.push(expandChildren(model, field));
  }
  const expands = [...references.values()].map(({ lookup, columns }) => expandReference(model, lookup, columns));
  return { select: [...select], expand: [...expands, ...collections].join(',') || undefined };
}

/** What a record calls itself: its label, else the value of its entity's primary field. */
export function nameOf(model: ModelIndex, entity: Entity | undefined, record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const values = record as RecordValues;
  const column = entity && model.primary(entity)?.columns[0]?.name;
  const name = values['label'] ?? (column ? values[column] : undefined);
  return name === null || name === undefined || name === '' ? undefined : String(name);
}
