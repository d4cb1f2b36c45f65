import { useQueries } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import type { RecordValues } from '@/api/records';
import { settingsQuery } from '@/api/settings';

/** The records of entities that have exactly one, by entity name; undefined while they are on their way. What cannot be read is left out. */
export function useSettings(): ReadonlyMap<string, RecordValues> | undefined {
  const api = useApi();
  const entities = useModel().source.entities.filter((entity) => entity.isSettings);
  return useQueries({
    queries: entities.map((entity) => settingsQuery(api, entity)),
    combine: (answers) => {
      if (answers.some((answer) => answer.isPending)) return undefined;
      return new Map(entities.flatMap((entity, index) => (answers[index]?.data ? [[entity.name, answers[index].data] as const] : [])));
    },
  });
}
