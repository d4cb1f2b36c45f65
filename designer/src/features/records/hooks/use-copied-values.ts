import { useCallback } from 'react';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import type { Entity } from '@/api/model';
import { getRecord, type RecordValues } from '@/api/records';
import { columnOf } from '@/fields/field-ui';

/** Fetches what fields copy from a record when a lookup is pointed to it; null where nothing is copied. */
export function useCopiedValues(entity: Entity): (changes: RecordValues) => Promise<RecordValues | null> {
  const api = useApi();
  const model = useModel();
  return useCallback(
    async (changes) => {
      const copied: RecordValues = {};
      for (const lookup of entity.fields.filter((field) => field.targets?.length === 1 && columnOf(field) in changes)) {
        const id = changes[columnOf(lookup)];
        const target = model.entity(lookup.targets?.[0]);
        const copies = entity.fields.flatMap((field) => {
          const [from, name = ''] = field.copyFrom?.split('.') ?? [];
          const source = from === lookup.name && target ? model.field(target, name) : undefined;
          return source ? [{ field, source }] : [];
        });
        if (!target || copies.length === 0 || typeof id !== 'string') continue;
        const select = copies.flatMap(({ source }) => source.columns.map((column) => column.name));
        const record = await getRecord(api, target.plural, id, { select }).catch(() => null);
        for (const { field, source } of record ? copies : [])
          field.columns.forEach((column, place) => (copied[column.name] = record?.[source.columns[place]?.name ?? ''] ?? null));
      }
      return Object.keys(copied).length > 0 ? copied : null;
    },
    [api, model, entity],
  );
}
