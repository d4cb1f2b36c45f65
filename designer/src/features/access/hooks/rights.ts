import { depthOf, type Depth } from '@/lib/depths';
import type { GrantedEntity } from '../api/roles';

/** Rights to one entity as role files write them: a depth by operation, and what else the format knows. */
export type RightsSource = Record<string, unknown>;

/** The entities of a role file. */
export type RoleEntities = Record<string, RightsSource>;

/** Stands for every entity that a role does not name. */
export const others = '*';

/** Name of the entry that lets people read the records of those who report to them. */
export const readReports = 'readReports';

/** What a cell of the matrix becomes: a depth, or for {@link readReports} yes or no. */
export type CellValue = Depth | boolean;

/** A change of one cell. */
export interface CellEdit {
  entity: string;
  operation: string;
  value: CellValue;
}

/** What a cell shows. */
export interface Cell {
  depth: Depth;
  /** The role does not name the entity: it has what all others have. */
  isInherited: boolean;
  withReports: boolean;
}

/** The entities of a role file's text. */
export function entitiesOf(text: string): RoleEntities {
  return (JSON.parse(text) as { entities?: RoleEntities }).entities ?? {};
}

/** What a role grants for an operation with records of an entity. */
export function cellOf(entities: RoleEntities, entity: string, operation: string): Cell {
  const own = entities[entity];
  const rights = own ?? entities[others];
  return { depth: depthOf(rights?.[operation]), isInherited: !own && rights !== undefined, withReports: operation === 'read' && rights?.[readReports] === true };
}

/** The formula that records must fulfil for all rights of a role to an entity; undefined for none. */
export function filterOf(entities: RoleEntities, entity: string): string | undefined {
  const filter = entities[entity]?.['filter'];
  return typeof filter === 'string' ? filter : undefined;
}

/** Depths that a right to an entity can have: records that nobody owns know only none and all. */
export function depthsFor(entity: GrantedEntity, all: readonly Depth[]): Depth[] {
  return all.filter((depth) => entity.isOwned || depth === 'none' || depth === 'organisation');
}

/** A role's entities with one cell changed. What the role said of other things stays as it is. */
export function withCell(entities: RoleEntities, { entity, operation, value }: CellEdit): RoleEntities {
  // A role that names an entity grants nothing of what it grants to all others: naming it begins with that.
  const before = Object.entries(entities[entity] ?? entities[others] ?? {}).filter(([name]) => name !== operation);
  const rights: RightsSource = Object.fromEntries(value === 'none' || value === false ? before : [...before, [operation, value]]);
  const isNeeded = Object.keys(rights).length > 0 || (entity !== others && entities[others] !== undefined);
  const rest = Object.fromEntries(Object.entries(entities).filter(([name]) => name !== entity));
  return Object.fromEntries(Object.entries(isNeeded ? { ...rest, [entity]: rights } : rest).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** A role's entities with all changes. */
export function withEdits(entities: RoleEntities, edits: readonly CellEdit[]): RoleEntities {
  return edits.reduce(withCell, entities);
}

/** Changes with one more; one that leads back to what is published is none. */
export function addEdit(published: RoleEntities, edits: readonly CellEdit[], edit: CellEdit): CellEdit[] {
  const rest = edits.filter((each) => each.entity !== edit.entity || each.operation !== edit.operation);
  const before = edit.operation === readReports ? cellOf(published, edit.entity, 'read').withReports : cellOf(published, edit.entity, edit.operation).depth;
  return before === edit.value ? rest : [...rest, edit];
}
