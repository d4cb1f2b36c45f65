import { Button, Checkbox, Switch } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { useState } from 'react';
import { failureText } from '@/api/failure-text';
import { formatDateTime } from '@/lib/format';
import { useTexts } from '@/lib/i18n/text';
import { Bone } from '@/ui/bone';
import { Message } from '@/ui/message';
import type { RecordForm } from '../hooks/use-record-form';
import type { HistoryEntry, HistoryField, HistoryState as State } from '../api/history';
import styles from './history.module.css';
import { valueText } from './story';
import { useHistoryState } from './use-history';

function Field({ field, chosen, blocked, onChoose }: { field: HistoryField; chosen: boolean; blocked: boolean; onChoose(chosen: boolean): void }) {
  const t = useTexts();
  const then = valueText(field.type, field.value, field.text, t);
  const now = valueText(field.type, field.now, field.nowText, t);
  return (
    <li className={styles.field} data-differs={field.differs || undefined}>
      <span className={styles.choice}>
        {field.differs && field.canRestore ? (
          <Checkbox size="xs" aria-label={t('history.state.choose', { field: field.label })} checked={chosen} disabled={blocked} onChange={(event) => onChoose(event.currentTarget.checked)} />
        ) : null}
      </span>
      <div className={styles.fieldBody}>
        <span className={styles.fieldLabel}>{field.label}</span>
        <span className={then ? styles.then : styles.none}>{then || t('history.empty.value')}</span>
        {field.differs ? (
          <span className={styles.facts}>
            {t('history.state.now')}: {now || t('history.empty.value')}
            {field.canRestore ? '' : ` · ${t('history.state.fixed')}`}
          </span>
        ) : null}
      </div>
    </li>
  );
}

function Fields({ state, form, restore }: { state: State; form: RecordForm; restore: Pick<ReturnType<typeof useHistoryState>, 'restore' | 'isRestoring' | 'failure'> }) {
  const t = useTexts();
  const [all, setAll] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const differing = state.fields.filter((field) => field.differs);
  const restorable = differing.filter((field) => field.canRestore);
  const chosen = restorable.filter((field) => !left.has(field.field));
  const choose = (name: string, wanted: boolean) => setLeft((current) => new Set(wanted ? [...current].filter((each) => each !== name) : [...current, name]));
  const hint = state.isDeleted ? t('history.state.deleted') : form.isDirty && restorable.length > 0 ? t('history.state.dirty') : null;
  return (
    <>
      {state.valuesErased ? <p className={styles.hint}>{t('history.state.erased')}</p> : null}
      {differing.length === 0 && !state.valuesErased ? <p className={styles.hint}>{t('history.state.same')}</p> : null}
      {hint ? <p className={styles.hint}>{hint}</p> : null}
      <ul className={styles.fields} aria-label={t('history.state.then')}>
        {(all ? state.fields : differing).map((field) => (
          <Field key={field.field} field={field} chosen={!left.has(field.field)} blocked={form.isDirty || restore.isRestoring} onChoose={(wanted) => choose(field.field, wanted)} />
        ))}
      </ul>
      {differing.length < state.fields.length ? <Switch size="xs" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} label={t('history.state.all')} /> : null}
      <p className={styles.failure} role="alert">
        {restore.failure}
      </p>
      {restorable.length > 0 ? (
        <Button disabled={form.isDirty || chosen.length === 0} loading={restore.isRestoring} onClick={() => restore.restore(chosen.map((field) => field.field))}>
          {t(chosen.length === 1 ? 'history.restore.one' : 'history.restore.other', { count: chosen.length })}
        </Button>
      ) : null}
    </>
  );
}

/** The record as it was after an entry, against how it is; values of it can be brought back. */
export function HistoryState({ form, entry, onBack, onRestored }: { form: RecordForm; entry: HistoryEntry; onBack(): void; onRestored(): void }) {
  const t = useTexts();
  const { state, ...restore } = useHistoryState(form, entry.id, onRestored);
  return (
    <section className={styles.state}>
      <Button variant="subtle" size="compact-sm" className={styles.back ?? ''} data-autofocus leftSection={<IconChevronLeft size={15} aria-hidden />} onClick={onBack}>
        {t('history.state.back')}
      </Button>
      <h3 className={styles.stateTitle}>{t('history.state.title', { at: formatDateTime(entry.at, t.language) })}</h3>
      {state.isPending ? <Bone width="80%" /> : null}
      {state.isError ? <Message icon="alert" title={t('list.failed')} text={failureText(t, state.error)} action={{ label: t('common.retry'), onClick: () => void state.refetch() }} /> : null}
      {state.data ? <Fields state={state.data} form={form} restore={restore} /> : null}
    </section>
  );
}
