import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';
import type { Entity } from '@/api/model';
import type { FieldPath, ModelIndex } from '@/api/model-index';
import { getRecord } from '@/api/records';
import type { Formulas } from '@/fields/formulas';
import { selectionOf } from '@/api/selection';

/** Values behind lookups that conditions of the form ask for, such as `account.industry`. */
function conditionPaths(model: ModelIndex, formulas: Formulas, entity: Entity): FieldPath[] {
  const tabs = model.form(entity)?.tabs ?? [];
  const texts: (string | boolean | null | undefined)[] = [
    ...entity.fields.flatMap((field) => [field.visible, field.required, field.readonly]),
    ...(entity.lifecycle?.transitions ?? []).map((each) => each.when),
    ...[...entity.buttons, ...entity.actions].map((each) => each.when),
    ...entity.rules.flatMap((rule) => [rule.when, ...[...rule.then, ...rule.else].map((action) => action.to)]),
    ...tabs.flatMap((tab) => [tab.visible, ...tab.sections.map((section) => section.visible)]),
  ];
  const asked = texts.flatMap((text) => (typeof text === 'string' ? formulas.pathsOf(text) : []));
  return asked.filter((path) => path.length === 2).flatMap((path) => model.path(entity, path.join('.')) ?? []);
}

/** One record with everything that its form can show. */
export function recordQuery(api: ApiClient, model: ModelIndex, formulas: Formulas, entity: Entity, id: string) {
  const paths = [...entity.fields.map((field) => ({ path: field.name, field })), ...conditionPaths(model, formulas, entity)];
  return queryOptions({
    queryKey: ['records', entity.plural, 'one', id, model.source.version],
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    queryFn: ({ signal }) => getRecord(api, entity.plural, id, selectionOf(model, paths), signal),
  });
}
