import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { ApiError } from '@/api/client';
import type { Entity, Field } from '@/api/model';
import { createRecord, updateRecord, type RecordValues, type StoredRecord } from '@/api/records';
import { fieldState, type FieldState, type RecordScope } from '@/fields/formulas';
import { useFormulas } from '@/fields/formulas-context';
import { useTexts } from '@/lib/i18n/text';
import { recordQuery } from '../api/record';
import { checkField, hasErrors, noErrors, serverErrors, type FormErrors } from './form-errors';
import { bodyOf, fieldOfProperty, initialValues, mergeChanges } from './form-values';
import { useCopiedValues } from './use-copied-values';

/** What a form starts with. */
export interface FormStart {
  entity: Entity;
  /** Null for a new record. */
  id: string | null;
  /** Values that a new record starts with besides its defaults. */
  given: RecordValues;
  onSaved(record: StoredRecord): void;
}

/** One record being edited: its values, what changed, what is wrong, and saving it. Draws nothing. */
export function useRecordForm({ entity, id, given, onSaved }: FormStart) {
  const api = useApi();
  const model = useModel();
  const t = useTexts();
  const formulas = useFormulas();
  const queries = useQueryClient();
  const options = recordQuery(api, model, formulas, entity, id ?? '');
  const loaded = useQuery({ ...options, enabled: id !== null });
  const [initial] = useState(() => initialValues(model, entity, given, formulas));
  const [changes, setChanges] = useState<RecordValues>({});
  const [errors, setErrors] = useState<FormErrors>(noErrors);
  const [refusals, setRefusals] = useState(0);
  const isNew = id === null;
  const base: RecordValues = loaded.data ?? initial;
  const values: RecordValues = { ...base, ...changes };
  const scope: RecordScope = { entity, values, previous: base, isNew };
  const mayWrite = isNew ? entity.rights.create : entity.rights.update;

  const stateOf = (field: Field): FieldState => fieldState(field, scope, formulas, mayWrite);
  const holds = (condition: string) => formulas.holds(condition, scope) ?? true;
  const copied = useCopiedValues(entity);
  const change = useCallback(
    (next: RecordValues) => {
      setChanges((current) => mergeChanges(base, current, next));
      setErrors((current) => withoutErrorsOf(entity, current, Object.keys(next)));
      void copied(next).then((more) => more && setChanges((current) => mergeChanges(base, current, more)));
    },
    [base, entity, copied],
  );
  const check = (): FormErrors => {
    const fields: Record<string, string> = {};
    for (const field of entity.fields) {
      const state = stateOf(field);
      const message = state.visible && !state.readOnly ? checkField(field, values, state.required, t) : undefined;
      if (message) fields[field.name] = message;
    }
    return { ...noErrors, fields };
  };

  const refuse = (found: FormErrors) => {
    setErrors(found);
    setRefusals((count) => count + 1);
  };
  const mutation = useMutation({
    mutationFn: ({ overwrite }: { overwrite: boolean }) => {
      const body = bodyOf(model, entity, base, isNew ? { ...given, ...changes } : changes, isNew);
      const etag = overwrite ? undefined : (base['@odata.etag'] as string | undefined);
      return isNew ? createRecord(api, entity.plural, body) : updateRecord(api, entity.plural, id, body, etag);
    },
    onSuccess: async (record) => {
      await queries.invalidateQueries({ queryKey: ['records'] });
      setChanges({});
      setErrors(noErrors);
      onSaved(record);
    },
    onError: (error) => {
      if (!(error instanceof ApiError) || error.status === 412 || error.status === 401) return;
      const message = error.status === 0 ? t('error.network') : error.message;
      refuse(serverErrors(entity, (field) => model.entity(field.child), error.errors, message));
    },
  });
  const save = (overwrite = false) => {
    const found = check();
    if (hasErrors(found)) refuse(found);
    else if (!mutation.isPending) {
      setErrors(noErrors);
      mutation.mutate({ overwrite });
    }
  };
  const reload = async () => {
    setChanges({});
    setErrors(noErrors);
    mutation.reset();
    await queries.invalidateQueries({ queryKey: options.queryKey });
  };
  const conflict = mutation.error instanceof ApiError && mutation.error.status === 412;
  const isDirty = Object.keys(changes).length > 0;
  return {
    entity, id, isNew, values, loaded, errors, stateOf, holds, change, save, reload, mayWrite, isDirty, conflict,
    isSaving: mutation.isPending,
    dismissConflict: mutation.reset,
    /** Shows what is wrong, and leads to it. */
    refuse,
    /** How often something was wrong so far. */
    refusals,
  };
}

function withoutErrorsOf(entity: Entity, errors: FormErrors, properties: string[]): FormErrors {
  if (!hasErrors(errors)) return errors;
  const names = new Set(properties.map((property) => fieldOfProperty(entity, property)?.name));
  const keep = <T>(all: Record<string, T>) => Object.fromEntries(Object.entries(all).filter(([name]) => !names.has(name)));
  return { fields: keep(errors.fields), rows: keep(errors.rows), record: errors.record };
}

/** What {@link useRecordForm} answers. */
export type RecordForm = ReturnType<typeof useRecordForm>;
