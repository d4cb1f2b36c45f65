import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '@/api/api-context';
import type { Entity } from '@/api/model';
import { importFile } from '../api/import-file';

/** A file that is tried, and then imported. */
export function useImport(entity: Entity) {
  const api = useApi();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [hasDecimalComma, setDecimalComma] = useState(false);
  const check = useMutation({
    mutationFn: (wish: { file: File; hasDecimalComma: boolean }) => importFile(api, entity.plural, { ...wish, dryRun: true, continues: false, key: crypto.randomUUID() }),
  });
  const store = useMutation({
    mutationFn: (wish: { file: File; continues: boolean; key: string }) => importFile(api, entity.plural, { ...wish, hasDecimalComma, dryRun: false }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['records'] }),
  });
  const tryOut = (wanted: File, comma: boolean) => {
    setFile(wanted);
    setDecimalComma(comma);
    store.reset();
    check.mutate({ file: wanted, hasDecimalComma: comma });
  };
  return {
    file,
    hasDecimalComma,
    isChecking: check.isPending,
    isStoring: store.isPending,
    /** What was found; what became of it once it was stored. */
    report: store.data ?? check.data,
    /** It was stored: nothing of it can be done again. */
    isDone: store.data !== undefined && store.data.created > 0,
    error: store.error ?? check.error,
    choose: (wanted: File) => tryOut(wanted, hasDecimalComma),
    changeDecimals: (comma: boolean) => (file ? tryOut(file, comma) : setDecimalComma(comma)),
    store: (continues: boolean) => {
      // The same again after a failure of the network must not import twice.
      if (file) store.mutate({ file, continues, key: store.variables?.continues === continues ? store.variables.key : crypto.randomUUID() });
    },
  };
}
