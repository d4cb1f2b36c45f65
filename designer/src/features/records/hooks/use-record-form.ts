import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { ApiError } from '@/api/client';
import type { Entity, Field } from '@/api/model';
import { createRecord, updateRecord, type RecordValues, type StoredRecord } from '@/api/records';
import { isEmpty } from '@/fields/field-ui';
import { fieldState, type FieldState, type RecordScope } from '@/fields/formulas';
import { useFormulas } from '@/fields/formulas-context';
import { defaultedProperties, offeredBy, propertiesOf, runRules, withoutTakenBack, withRules, withWishes, type RuleNote } from '@/fields/rules';
import { useTexts } from '@/lib/i18n/text';
import { recordQuery } from '../api/record';
import { checkField, hasErrors, noErrors, serverErrors, type FormErrors } from './form-errors';
import { bodyOf, fieldOfProperty, initialValues, mergeChanges } from './form-values';
import { useCopiedValues } from './use-copied-values';
import { useFormScripts } from './use-form-scripts';

/** What a form starts with. */
export interface FormStart {
  entity: Entity;
  /** Null for a new record. */
  id: string | null;
  /** Values that a new record starts with besides its defaults. */
  given: RecordValues;
  /** The record is saved; `notes` is what the server tells of it that the form did not. */
  onSaved(record: StoredRecord, notes: RuleNote[]): void;
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
  const [isAsking, setIsAsking] = useState(false);
  const isNew = id === null;
  const base: RecordValues = loaded.data ?? initial;
  const defaulted = useMemo(() => defaultedProperties(entity), [entity]);
  const typed = useMemo((): RecordScope => ({ entity, values: { ...base, ...changes }, previous: base, isNew, emptied: emptiedIn(changes, defaulted) }), [entity, base, changes, isNew, defaulted]);
  const ruled = useMemo(() => runRules(typed, formulas), [typed, formulas]);
  const { values } = ruled;
  const take = useCallback(
    (more: RecordValues) =>
      setChanges((current) => {
        const merged = mergeChanges(base, current, more, defaulted);
        return withoutTakenBack({ entity, values: base, previous: base, isNew, emptied: emptiedIn(merged, defaulted) }, merged, more, formulas);
      }),
    [base, entity, isNew, defaulted, formulas],
  );
  const scripts = useFormScripts({ entity, isNew, base, isReady: isNew || loaded.data !== undefined, values, draft: typed.values, take });
  const outcome = withWishes(ruled, scripts.wishes);
  const told = [...outcome.notes, ...scripts.notes];
  const scope: RecordScope = { ...typed, values };
  const mayWrite = isNew ? entity.rights.create : entity.rights.update;

  const isTyped = (field: Field) => propertiesOf(field).some((property) => property in changes);
  const stateOf = (field: Field): FieldState => withRules(field, fieldState(field, scope, formulas, mayWrite), outcome, isTyped(field));
  const holds = (condition: string) => formulas.holds(condition, scope) ?? true;
  const copied = useCopiedValues(entity);
  const change = useCallback(
    (next: RecordValues) => {
      take(next);
      setErrors((current) => withoutErrorsOf(entity, current, Object.keys(next)));
      void copied(next).then((more) => more && take(more));
    },
    [entity, take, copied],
  );
  const check = (): FormErrors => {
    const fields: Record<string, string> = {};
    for (const field of entity.fields) {
      const state = stateOf(field);
      const message = state.visible && !state.readOnly ? checkField(field, values, state.required, t) : undefined;
      if (message) fields[field.name] = message;
    }
    return withNotes({ ...noErrors, fields }, [...outcome.notes.filter((note) => note.kind === 'error'), ...scripts.errors]);
  };

  const refuse = (found: FormErrors) => {
    setErrors(found);
    setRefusals((count) => count + 1);
  };
  const mutation = useMutation({
    mutationFn: ({ overwrite, scripted }: { overwrite: boolean; scripted: RecordValues }) => {
      const changed = { ...changes, ...scripted };
      const body = bodyOf(model, entity, base, isNew ? { ...given, ...changed } : changed, isNew);
      const etag = overwrite ? undefined : (base['@odata.etag'] as string | undefined);
      return isNew ? createRecord(api, entity.plural, body) : updateRecord(api, entity.plural, id, body, etag);
    },
    onSuccess: async (record) => {
      await queries.invalidateQueries({ queryKey: ['records'] });
      setChanges({});
      setErrors(noErrors);
      onSaved(record, newNotes(record, told));
    },
    onError: (error) => {
      if (!(error instanceof ApiError) || error.status === 412 || error.status === 401) return;
      const message = error.status === 0 ? t('error.network') : error.message;
      refuse(serverErrors(entity, (field) => model.entity(field.child), error.errors, message));
    },
  });
  const save = (overwrite = false) => {
    const found = check();
    const send = (scripted: RecordValues) => {
      setErrors(noErrors);
      mutation.mutate({ overwrite, scripted });
    };
    if (hasErrors(found)) refuse(found);
    else if (mutation.isPending || isAsking) return;
    else if (!scripts.hasScripts) send({});
    else {
      setIsAsking(true);
      void scripts.beforeSave().then(({ refused, changes: scripted }) => {
        setIsAsking(false);
        if (refused.length > 0) refuse(withNotes(noErrors, refused));
        else send(scripted);
      });
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
  // What is wrong with a record that nobody has touched is nobody's mistake yet.
  const notes = told.filter((note) => note.kind !== 'error' || isDirty || refusals > 0);
  return {
    entity, id, isNew, values, loaded, errors, notes, stateOf, holds, change, save, reload, mayWrite, isDirty, conflict,
    /** The field with the options that rules leave. */
    offered: (field: Field) => offeredBy(field, outcome),
    isSaving: mutation.isPending || isAsking,
    dismissConflict: mutation.reset,
    /** Shows what is wrong, and leads to it. */
    refuse,
    /** How often something was wrong so far. */
    refusals,
  };
}

/** Errors of rules and scripts, each at its field. */
function withNotes(found: FormErrors, notes: RuleNote[]): FormErrors {
  const fields = { ...found.fields };
  for (const note of notes) if (note.field) fields[note.field] ??= note.message;
  return { ...found, fields, record: [...found.record, ...notes.filter((note) => !note.field).map((note) => note.message)] };
}

/** Which of the properties somebody has emptied. */
function emptiedIn(changes: RecordValues, properties: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...properties].filter((property) => property in changes && isEmpty(changes[property])));
}

/** What the server tells of a saved record, without what the form has told already. */
function newNotes(record: StoredRecord, told: RuleNote[]): RuleNote[] {
  return (record['@xrm.messages'] ?? []).filter(({ kind, message }) => !told.some((note) => note.kind === kind && note.message === message));
}

function withoutErrorsOf(entity: Entity, errors: FormErrors, properties: string[]): FormErrors {
  if (!hasErrors(errors)) return errors;
  const names = new Set(properties.map((property) => fieldOfProperty(entity, property)?.name));
  const keep = <T>(all: Record<string, T>) => Object.fromEntries(Object.entries(all).filter(([name]) => !names.has(name)));
  return { fields: keep(errors.fields), rows: keep(errors.rows), record: errors.record };
}

/** What {@link useRecordForm} answers. */
export type RecordForm = ReturnType<typeof useRecordForm>;
