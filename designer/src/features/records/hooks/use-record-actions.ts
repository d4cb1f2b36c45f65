import { useMutation, useQueryClient } from '@tanstack/react-query';
import { notifications } from '@mantine/notifications';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { ApiError } from '@/api/client';
import type { Action, Transition, WorkflowButton } from '@/api/model';
import { deleteRecord, runAction, type RecordValues, type StoredRecord } from '@/api/records';
import { columnOf } from '@/fields/field-ui';
import { useTexts } from '@/lib/i18n/text';
import { serverErrors } from './form-errors';
import { showNotes } from './show-notes';
import type { RecordForm } from './use-record-form';

/** Time in which a workflow that was just started takes its first steps, in milliseconds. */
const firstSteps = 2_500;

/** What can be done with a record besides editing it. */
export function useRecordActions(form: RecordForm, onDeleted: () => void) {
  const api = useApi();
  const model = useModel();
  const t = useTexts();
  const queries = useQueryClient();
  const { entity, id, values } = form;
  const etag = values['@odata.etag'] as string | undefined;
  const lifecycle = entity.lifecycle;
  const stateField = lifecycle ? model.field(entity, lifecycle.field) : undefined;
  const state = stateField ? values[columnOf(stateField)] : undefined;
  const allows = (when: string | null | undefined) => !when || form.holds(when);

  const fail = (error: Error) => {
    if (error instanceof ApiError && error.status === 401) return;
    const errors = error instanceof ApiError ? error.errors : [];
    const message = error instanceof ApiError && error.status === 0 ? t('error.network') : error.message;
    form.refuse(serverErrors(entity, (field) => model.entity(field.child), errors, message));
  };
  const tell = async (answer: StoredRecord | undefined, label: string, isWorkflow = false) => {
    notifications.show({ message: t(isWorkflow ? 'form.started' : 'form.done', { action: label }), color: 'green' });
    showNotes(answer?.['@xrm.messages'] ?? []);
    await queries.invalidateQueries({ queryKey: ['records'] });
  };
  const action = useMutation({
    mutationFn: ({ name, isWorkflow }: { name: string; label: string; isWorkflow: boolean }) => runAction(api, entity.plural, id ?? '', name, isWorkflow ? undefined : etag),
    onSuccess: async (answer, { label, isWorkflow }) => {
      await tell(answer, label, isWorkflow);
      if (isWorkflow) window.setTimeout(() => void queries.invalidateQueries({ queryKey: ['records'] }), firstSteps);
    },
    onError: fail,
  });
  const remove = useMutation({
    mutationFn: () => deleteRecord(api, entity.plural, id ?? '', etag),
    onSuccess: async () => {
      notifications.show({ message: t('form.deleted', { name: entity.label }), color: 'green' });
      onDeleted();
      await queries.invalidateQueries({ queryKey: ['records'], refetchType: 'none' });
    },
    onError: fail,
  });
  return {
    stateField,
    transitions: form.isNew ? [] : (lifecycle?.transitions.filter((each: Transition) => each.from.includes(String(state)) && allows(each.when)) ?? []),
    buttons: form.isNew ? [] : entity.buttons.filter((each: WorkflowButton) => allows(each.when)),
    actions: form.isNew ? [] : entity.actions.filter((each: Action) => allows(each.when)),
    isRunning: action.isPending || remove.isPending,
    transition: (each: Transition) => action.mutate({ name: each.name, label: each.label, isWorkflow: false }),
    press: (each: WorkflowButton) => action.mutate({ name: each.name, label: each.label, isWorkflow: true }),
    act: (each: Action) => action.mutate({ name: each.name, label: each.label, isWorkflow: false }),
    /** Runs an action with what its dialog asked for, which tells what is refused. */
    actWith: async (each: Action, parameters: RecordValues) => tell(await runAction(api, entity.plural, id ?? '', each.name, etag, parameters), each.label),
    remove: () => remove.mutate(),
  };
}

/** What {@link useRecordActions} answers. */
export type RecordActions = ReturnType<typeof useRecordActions>;
