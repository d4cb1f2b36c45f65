import { wordsOf } from '@/lib/names';
import { useTexts } from '@/lib/i18n/text';
import { Badge } from '@/ui/badge';
import type { ExplainedField } from '../api/explanation';
import styles from './access.module.css';

function stateOf({ canRead, isMasked, canWrite }: ExplainedField) {
  if (isMasked) return { text: 'explain.field.masked', color: 'orange' } as const;
  if (!canRead) return { text: 'explain.field.hidden', color: 'red' } as const;
  return canWrite ? ({ text: 'explain.field.open', color: 'green' } as const) : ({ text: 'explain.field.readonly', color: 'orange' } as const);
}

/** Fields that have rights of their own, and the roles that open them. */
export function ExplainedFields({ fields }: { fields: readonly ExplainedField[] }) {
  const t = useTexts();
  if (fields.length === 0) return null;
  const rolesText = (roles: readonly string[]) => roles.map(wordsOf).join(', ') || t('explain.field.everybody');
  return (
    <section className={styles.list} aria-label={t('explain.fields')}>
      <h3 className={styles.heading}>{t('explain.fields')}</h3>
      <ul className={styles.plain}>
        {fields.map((field) => {
          const state = stateOf(field);
          return (
            <li key={field.name} className={styles.explainedField}>
              <strong>{field.label}</strong>
              <Badge color={state.color} label={t(state.text)} />
              <span className={styles.faint}>{t('explain.field.roles', { read: rolesText(field.readRoles), write: rolesText(field.writeRoles) })}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
