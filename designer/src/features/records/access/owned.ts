import type { Entity, Field } from '@/api/model';

/** The field that says who owns a record; undefined for records that belong to nobody. */
export function ownerField(entity: Entity): Field | undefined {
  return entity.fields.find((field) => field.type === 'owner' && field.system);
}

/** Whether records of the entity have owners, and so can be shared and given away. */
export function isOwnedKind(entity: Entity): boolean {
  return ownerField(entity) !== undefined;
}
