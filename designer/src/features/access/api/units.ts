import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';
import type { Entity } from '@/api/model';
import type { ModelIndex } from '@/api/model-index';
import { listRecords, type StoredRecord } from '@/api/records';
import { nameOf } from '@/api/selection';
import { columnOf } from '@/fields/field-ui';

/** A business unit. */
export interface Unit {
  id: string;
  name: string;
  parent: string | null;
}

/** Somebody of a unit, or a member of a team. */
export interface Person {
  id: string;
  name: string;
  subtitle: string;
}

/** A team with its members. */
export interface Team {
  id: string;
  name: string;
  /** As it was read, so that members are changed only if nobody else did meanwhile. */
  etag: string | undefined;
  members: Person[];
}

/** The entities of the organisation, as far as the model has them and the person sees them. */
export interface OrganisationKinds {
  unit: Entity | undefined;
  team: Entity | undefined;
  user: Entity | undefined;
}

const pageSize = 500;
const mostPages = 10;

/** The entities that make up the organisation. */
export function organisationKinds(model: ModelIndex): OrganisationKinds {
  return { unit: model.entity('business_unit'), team: model.entity('team'), user: model.entity('user') };
}

/** Column by which records of an entity point to a unit; undefined where they cannot. */
export function unitColumn(entity: Entity | undefined): string | undefined {
  const field = entity?.fields.find((each) => each.name === 'business_unit' && each.targets?.includes('business_unit'));
  return field && columnOf(field);
}

/** Column by which a unit points to the one above it; undefined where units make no tree. */
export function parentColumn(entity: Entity): string | undefined {
  const field = entity.fields.find((each) => each.type === 'parent');
  return field && columnOf(field);
}

function naming(model: ModelIndex, entity: Entity): string[] {
  const columns = [model.primary(entity)?.columns[0]?.name, entity.subtitle ? model.field(entity, entity.subtitle)?.columns[0]?.name : undefined];
  return ['id', ...columns.filter((column) => column !== undefined)];
}

async function all(api: ApiClient, plural: string, options: Parameters<typeof listRecords>[2], signal: AbortSignal): Promise<StoredRecord[]> {
  const rows: StoredRecord[] = [];
  for (let page = 0; page < mostPages; page++) {
    const answer = await listRecords(api, plural, { ...options, top: pageSize, skip: page * pageSize }, signal);
    rows.push(...answer.rows);
    if (answer.rows.length < pageSize) break;
  }
  return rows;
}

function personOf(model: ModelIndex, entity: Entity, row: StoredRecord): Person {
  const subtitle = entity.subtitle ? model.field(entity, entity.subtitle)?.columns[0]?.name : undefined;
  return { id: row.id, name: nameOf(model, entity, row) ?? row.id, subtitle: subtitle ? String(row[subtitle] ?? '') : '' };
}

/** All units. */
export function unitsQuery(api: ApiClient, model: ModelIndex, entity: Entity) {
  const parent = parentColumn(entity);
  return queryOptions({
    queryKey: ['records', entity.plural, 'tree'],
    queryFn: async ({ signal }): Promise<Unit[]> => {
      const select = [...naming(model, entity), ...(parent ? [parent] : [])];
      const rows = await all(api, entity.plural, { select, orderBy: model.primary(entity)?.columns[0]?.name }, signal);
      return rows.map((row) => ({ id: row.id, name: nameOf(model, entity, row) ?? row.id, parent: parent ? ((row[parent] as string | null | undefined) ?? null) : null }));
    },
  });
}

function ofUnit(column: string, unit: string | null): string {
  return `${column} eq ${unit ?? 'null'}`;
}

/** The people of a unit; of none for null. */
export function peopleOfQuery(api: ApiClient, model: ModelIndex, entity: Entity, unit: string | null) {
  const column = unitColumn(entity) ?? '';
  return queryOptions({
    queryKey: ['records', entity.plural, 'of-unit', unit],
    enabled: column !== '',
    queryFn: async ({ signal }) => {
      const rows = await all(api, entity.plural, { select: naming(model, entity), filter: ofUnit(column, unit), orderBy: model.primary(entity)?.columns[0]?.name }, signal);
      return rows.map((row) => personOf(model, entity, row));
    },
  });
}

/** The teams of a unit with their members; of none for null. */
export function teamsOfQuery(api: ApiClient, model: ModelIndex, { team, user }: { team: Entity; user: Entity | undefined }, unit: string | null) {
  const column = unitColumn(team);
  const members = user && team.fields.some((field) => field.name === 'members') ? `members($select=${naming(model, user).join(',')})` : undefined;
  return queryOptions({
    queryKey: ['records', team.plural, 'of-unit', unit],
    queryFn: async ({ signal }): Promise<Team[]> => {
      const filter = column ? ofUnit(column, unit) : undefined;
      const rows = await all(api, team.plural, { select: naming(model, team), expand: members, filter, orderBy: model.primary(team)?.columns[0]?.name }, signal);
      return rows.map((row) => ({
        id: row.id,
        name: nameOf(model, team, row) ?? row.id,
        etag: row['@odata.etag'],
        members: user ? ((row['members'] as StoredRecord[] | undefined) ?? []).map((member) => personOf(model, user, member)).sort((one, other) => one.name.localeCompare(other.name)) : [],
      }));
    },
  });
}
