import { IconAlertCircle } from '@tabler/icons-react';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useModel } from '@/api/application-model';
import { useTexts } from '@/lib/i18n/text';
import { hasErrors } from '../hooks/form-errors';
import type { RecordForm } from '../hooks/use-record-form';
import styles from './error-summary.module.css';
import { jumpTo } from './jump';

interface Entry {
  field: string | null;
  target: string | null;
  text: string;
}

function useEntries({ entity, errors }: RecordForm): Entry[] {
  const model = useModel();
  const label = (name: string) => model.field(entity, name)?.label ?? name;
  const own = Object.entries(errors.fields).map(([name, text]) => ({ field: name, target: `field-${name}`, text: text.includes(label(name)) ? text : `${label(name)}: ${text}` }));
  const rows = Object.entries(errors.rows).flatMap(([name, byRow]) =>
    Object.entries(byRow).flatMap(([row, byField]) =>
      Object.entries(byField).map(([child, text]) => ({ field: name, target: `field-${name}-${row}-${child}`, text: `${label(name)} ${Number(row) + 1}: ${text}` })),
    ),
  );
  return [...errors.record.map((text) => ({ field: null, target: null, text })), ...own, ...rows];
}

/** Everything that is wrong in a form; an entry leads to its field, and the first one does so by itself. */
export function ErrorSummary({ form }: { form: RecordForm }) {
  const t = useTexts();
  const box = useRef<HTMLDivElement>(null);
  const entries = useEntries(form);
  const shown = hasErrors(form.errors);
  const first = entries[0];
  // What is wrong is said at once (role alert); the cursor goes where it is put right.
  const goThere = useEffectEvent(() => {
    if (first?.field && first.target) jumpTo(first.field, first.target);
    else box.current?.focus();
  });
  useEffect(() => {
    if (form.refusals > 0) goThere();
  }, [form.refusals]);
  if (!shown) return null;
  return (
    <div ref={box} className={styles.summary} role="alert" tabIndex={-1}>
      <IconAlertCircle size={17} aria-hidden />
      <div>
        <strong>{entries.length === 1 ? t('errors.one') : t('errors.other', { count: entries.length })}</strong>
        <ul className={styles.list}>
          {entries.map(({ field, target, text }) => (
            <li key={`${target ?? ''}${text}`}>
              {field && target ? (
                <button type="button" className={styles.jump} onClick={() => jumpTo(field, target)}>
                  {text}
                </button>
              ) : (
                text
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
