import { VisuallyHidden } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useNavigate } from 'react-router';
import { useModel } from '@/api/application-model';
import { nameOf } from '@/api/selection';
import { useTexts } from '@/lib/i18n/text';
import { listPath } from '@/lib/paths';
import { useNarrow } from '@/ui/narrow';
import { usePageTitle } from '@/ui/page-title';
import { useLeaveGuard } from '@/ui/use-leave-guard';
import { useRecordActions } from '../hooks/use-record-actions';
import type { RecordForm as Form } from '../hooks/use-record-form';
import { ConflictDialog } from './conflict-dialog';
import { ErrorSummary } from './error-summary';
import styles from './form.module.css';
import { FormFooter } from './form-footer';
import { FormHeader } from './form-header';
import { FormTabs } from './form-tabs';
import { LeaveDialog } from '@/ui/leave-dialog';
import { RuleNotes } from './rule-notes';
import { SaveButton } from './save-button';

/** A record's form: header, errors, tabs, footer. */
export function RecordForm({ form, app }: { form: Form; app: string }) {
  const t = useTexts();
  const model = useModel();
  const navigate = useNavigate();
  const { entity } = form;
  const narrow = useNarrow();
  const actions = useRecordActions(form, () => void navigate(listPath(app, entity.plural), { replace: true }));
  const guard = useLeaveGuard(form.isDirty && !form.isSaving && !actions.isRunning);
  const title = form.isNew ? t('form.new', { name: entity.label }) : (nameOf(model, entity, form.values) ?? entity.label);
  usePageTitle(title);
  useHotkeys([['mod+S', () => form.isDirty && form.save()]], [], true);

  return (
    <form
      className={styles.page}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (form.isDirty || form.isNew) form.save();
      }}
    >
      <FormHeader form={form} actions={actions} app={app} title={title} />
      <div className={styles.body}>
        <ErrorSummary form={form} />
        <RuleNotes ofRecord notes={form.notes.filter((note) => !note.field && !form.errors.record.includes(note.message))} />
        <VisuallyHidden role="status">{form.notes.map((note) => note.message).join(' ')}</VisuallyHidden>
        <FormTabs form={form} app={app} />
        <FormFooter form={form} />
      </div>
      {narrow && form.mayWrite ? (
        <div className={styles.saveBar}>
          <SaveButton form={form} fullWidth />
        </div>
      ) : null}
      <ConflictDialog form={form} />
      <LeaveDialog guard={guard} />
    </form>
  );
}
