import { formatDate, formatDateTime, formatNumber } from '@/lib/format';
import { useTexts, type Texts } from '@/lib/i18n/text';
import type { ValueChange } from '../api/trials';
import styles from './trial.module.css';

function textOf(value: unknown, t: Texts): string {
  if (value === null || value === undefined || value === '') return t('admin.rule.empty');
  if (typeof value === 'boolean') return t(value ? 'field.yes' : 'field.no');
  if (typeof value === 'number') return formatNumber(value, t.language);
  if (typeof value !== 'string') return JSON.stringify(value);
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return formatDate(value, t.language);
  return /^\d{4}-\d\d-\d\dT/.test(value) ? formatDateTime(value, t.language) : value;
}

/** Values before and after. */
export function ChangeList({ changes }: { changes: readonly ValueChange[] }) {
  const t = useTexts();
  return (
    <dl className={styles.changes}>
      {changes.map((change) => (
        <div key={change.column}>
          <dt>{change.label}</dt>
          <dd>
            <span className={styles.unseen}>{t('admin.rule.before')} </span>
            <del>{textOf(change.before, t)}</del>
            <span aria-hidden> → </span>
            <span className={styles.unseen}>{t('admin.rule.after')} </span>
            <ins>{textOf(change.after, t)}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
