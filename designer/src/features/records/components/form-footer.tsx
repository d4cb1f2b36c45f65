import { useModel } from '@/api/application-model';
import { nameOf } from '@/api/selection';
import { formatDateTime } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import type { RecordForm } from '../hooks/use-record-form';
import styles from './form.module.css';

/** When the record was created and changed last, and by whom. */
export function FormFooter({ form }: { form: RecordForm }) {
  const t = useTexts();
  const model = useModel();
  const { values } = form;
  if (form.isNew || !values['created_at']) return null;
  const user = model.entity('user');
  const creator = nameOf(model, user, values['created_by']);
  const modifier = nameOf(model, user, values['modified_by']);
  const times = { created: formatDateTime(values['created_at'], t.language), modified: formatDateTime(values['modified_at'], t.language) };
  const text = creator && modifier ? t('form.footer.by', { ...times, creator, modifier }) : t('form.footer', times);
  return (
    <footer className={styles.footer}>
      {text}
      {form.mayWrite ? null : ` · ${t('form.noAccess')}`}
    </footer>
  );
}
