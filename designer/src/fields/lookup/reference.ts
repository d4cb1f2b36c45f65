import type { Entity, Field } from '@/api/model';
import type { ModelIndex } from '@/api/model-index';
import type { RecordValues } from '@/api/records';
import { nameOf } from '@/api/selection';
import { columnOf } from '../field-ui';

/** The record that a lookup points to. */
export interface Reference {
  id: string;
  entity: Entity | undefined;
  /** What it is called; the start of its id where the name is not known. */
  name: string;
}

/** The entities that a lookup can point to, as far as the person may see them. */
export function targetsOf(model: ModelIndex, field: Field): Entity[] {
  return (field.targets ?? []).map((name) => model.entity(name)).filter((entity): entity is Entity => entity !== undefined);
}

function entityOf(model: ModelIndex, field: Field, values: RecordValues): Entity | undefined {
  const kind = field.polymorphic ? values[columnOf(field, 'type')] : field.targets?.[0];
  return model.entity(typeof kind === 'string' ? kind : undefined);
}

/** What a record's lookup points to; null for nothing. */
export function referenceOf(model: ModelIndex, field: Field, values: RecordValues): Reference | null {
  const id = values[columnOf(field)];
  if (typeof id !== 'string' || id === '') return null;
  const entity = entityOf(model, field, values);
  const expanded = field.name === columnOf(field) ? undefined : values[field.name];
  return { id, entity, name: nameOf(model, entity, expanded) ?? id.slice(0, 8) };
}

/** The changes that make a lookup point to a record, or to nothing. */
export function referTo(field: Field, target: { entity: Entity; record: RecordValues } | null): RecordValues {
  const changes: RecordValues = { [columnOf(field)]: target ? target.record['id'] : null, [field.name]: target?.record ?? null };
  if (field.polymorphic) changes[columnOf(field, 'type')] = target?.entity.name ?? null;
  return changes;
}
