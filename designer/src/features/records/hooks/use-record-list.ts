import { useQuery } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import type { Entity } from '@/api/model';
import type { FieldPath, ModelIndex } from '@/api/model-index';
import { listQuery, type ListOptions } from '@/api/records';
import { selectionOf } from '@/api/selection';
import { columnOf, type FieldUi } from '@/fields/field-ui';
import { useFieldUi } from '@/fields/fields-context';
import { recordCountQuery, recordPageQuery } from '../api/list-records';
import { isComplete, toOData } from './conditions';
import { useListState, type ListState } from './use-list-state';

/** Rows of a page. */
export const pageSize = 50;

/** A column of a list. */
export interface ListColumn extends FieldPath {
  ui: FieldUi;
  label: string;
}

/** The property of a path as queries name it; a lookup is sorted by the name of its record. */
export function queryPath(model: ModelIndex, { lookup, field }: FieldPath, sorting: boolean): string {
  const target = sorting && !field.polymorphic && field.type !== 'uuid' ? model.entity(field.targets?.[0]) : undefined;
  const primary = target && field.columns.length > 0 ? model.primary(target) : undefined;
  const own = primary ? `${field.name}/${columnOf(primary)}` : columnOf(field);
  return lookup ? `${lookup.name}/${own}` : own;
}

function columnsOf(model: ModelIndex, entity: Entity, names: readonly string[], uiOf: (type: string) => FieldUi): ListColumn[] {
  return names.flatMap((name) => {
    const path = model.path(entity, name);
    if (!path) return [];
    const label = path.lookup ? `${path.lookup.label}: ${path.field.label}` : path.field.label;
    return [{ ...path, ui: uiOf(path.field.type), label }];
  });
}

function filterOf(model: ModelIndex, entity: Entity, { conditions }: ListState, uiOf: (type: string) => FieldUi): string | undefined {
  const parts = conditions.filter(isComplete).flatMap((condition) => {
    const path = model.path(entity, condition.field);
    return path ? [toOData(condition, queryPath(model, path, false), uiOf(path.field.type).filter)] : [];
  });
  return parts.join(' and ') || undefined;
}

/** The columns of the list as an export has them, in their order; what a lookup points to comes with it. */
function exported(columns: readonly ListColumn[], entity: Entity): Pick<ListOptions, 'select' | 'expand'> {
  const shown = columns.filter(({ lookup, field }) => lookup || field.columns.length > 0);
  const lookups = new Set(shown.flatMap(({ lookup }) => (lookup ? [lookup.name] : [])));
  const through = (name: string) => shown.flatMap(({ lookup, field }) => (lookup?.name === name ? [field.name] : []));
  const expand = [...lookups].map((name) => `${name}($select=${through(name).join(',')})`);
  const select = new Set(shown.map(({ lookup, field }) => (lookup ?? field).name));
  return { select: select.size > 0 ? [...select] : [entity.primary], expand: expand.join(',') || undefined };
}

/** The records of a view: rows, count, and what can be changed about them. */
export function useRecordList(entity: Entity) {
  const api = useApi();
  const model = useModel();
  const fieldUi = useFieldUi();
  const state = useListState(entity);
  const names = state.view?.columns.length ? state.view.columns : [entity.primary];
  const columns = columnsOf(model, entity, names, fieldUi);
  const primary = model.path(entity, entity.primary);
  const paths = primary && !columns.some((column) => column.path === primary.path) ? [...columns, primary] : columns;
  const orderBy = state.sort
    .flatMap(({ field, descending }) => {
      const path = model.path(entity, field);
      return path ? [`${queryPath(model, path, true)}${descending ? ' desc' : ''}`] : [];
    })
    .join(',');
  const options: ListOptions = {
    view: state.view?.name,
    ...selectionOf(model, paths),
    filter: filterOf(model, entity, state, fieldUi),
    search: state.search || undefined,
    orderBy: orderBy || undefined,
    top: pageSize,
    skip: (state.page - 1) * pageSize,
  };
  const rows = useQuery(recordPageQuery(api, entity, options));
  const count = useQuery(recordCountQuery(api, entity, options));
  const exportPath = `/api/data/${entity.plural}?${listQuery({ ...options, ...exported(columns, entity), top: undefined, skip: undefined })}&$format=csv;labels=true;bom=true`;
  const isNarrowed = state.search !== '' || state.conditions.length > 0;
  return { entity, state, columns, rows, count: count.data, isNarrowed, exportPath };
}

/** What {@link useRecordList} answers. */
export type RecordList = ReturnType<typeof useRecordList>;
