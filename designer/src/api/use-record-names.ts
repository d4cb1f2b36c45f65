import { useQueries } from '@tanstack/react-query';
import { useApi } from './api-context';
import { useModel } from './application-model';
import { recordNamesQuery } from './record-names';

interface RecordKey {
  entity: string;
  recordId: string;
}

/** Answers what a record calls itself; undefined while that is not known. */
export function useRecordNames(keys: readonly RecordKey[]): (id: string) => string | undefined {
  const api = useApi();
  const model = useModel();
  const entities = [...new Set(keys.map((key) => key.entity))].flatMap((name) => model.entity(name) ?? []);
  const answers = useQueries({
    queries: entities.map((entity) => {
      const ids = new Set(keys.filter((key) => key.entity === entity.name).map((key) => key.recordId));
      return recordNamesQuery(api, model, entity, [...ids].sort());
    }),
  });
  return (id) => answers.map((answer) => answer.data?.get(id)).find((name) => name !== undefined);
}
