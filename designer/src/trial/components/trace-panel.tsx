import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useEffect, useId, useRef, useState } from 'react';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import { problemText, type ActionChange, type RuleChange, type ScheduleChange, type TraceRequest } from '../api/trials';
import { useTrace, valuesOf } from '../hooks/use-trace';
import styles from './trial.module.css';
import { TraceResult } from './trace-result';

interface TracePanelProps {
  /** Empty for none. */
  entity: string;
  /** A rule that is tried with another text, an action or a schedule that is run; null for a save with the rules as they are published. */
  change: RuleChange | ActionChange | ScheduleChange | null;
  /** Events of the rule. */
  on: readonly string[];
  /** Id of the record that somebody has asked to trace; empty for none. */
  record: string;
}

/** Tries a save of a record, an action or a schedule, and shows what each rule does in it. */
export function TracePanel({ entity, change, on, record }: TracePanelProps) {
  const t = useTexts();
  const [id, setId] = useState(record);
  const [operation, setOperation] = useState<NonNullable<TraceRequest['operation']>>(record || !on.includes('create') ? 'update' : 'create');
  const [text, setText] = useState('');
  const [user, setUser] = useState('');
  const trace = useTrace();
  const start = useRef<HTMLButtonElement>(null);
  const values = valuesOf(text);
  const isAction = change !== null && 'action' in change;
  const isSchedule = change !== null && 'schedule' in change;
  const isSave = !isAction && !isSchedule;
  const needsRecord = isSave ? operation !== 'create' : isAction && entity !== '';
  const request = (entered: Record<string, unknown>): TraceRequest => ({
    entity: entity || undefined,
    id: needsRecord ? id.trim() || null : null,
    ...(isSave ? { values: entered, operation } : isAction ? { parameters: entered } : {}),
    asUser: isSchedule ? undefined : user.trim() || undefined,
    ...change,
  });
  const heading = useId();
  // Who has asked to trace a record is taken to where it is done.
  useEffect(() => {
    if (record) start.current?.focus();
  }, [record]);
  const operations = [
    { value: 'create', label: t('admin.trace.create') },
    { value: 'update', label: t('admin.trace.update') },
    { value: 'delete', label: t('admin.trace.delete') },
  ] as const;
  return (
    <section className={styles.section} aria-labelledby={heading}>
      <h2 className={styles.heading} id={heading}>
        {t(isSave ? 'admin.trace' : 'admin.trace.run')}
      </h2>
      <p className={styles.hint}>{t(isSave ? 'admin.trace.text' : 'admin.trace.run.text')}</p>
      <form
        className={styles.section}
        onSubmit={(event) => {
          event.preventDefault();
          if (values) trace.mutate(request(values));
        }}
      >
        <div className={styles.bar}>
          {isSave ? <Select label={t('admin.trace.operation')} data={operations} value={operation} allowDeselect={false} onChange={(value) => setOperation((value ?? 'update') as NonNullable<TraceRequest['operation']>)} /> : null}
          {needsRecord ? <TextInput className={styles.grow ?? ''} label={t('admin.trace.record')} value={id} onChange={(event) => setId(event.currentTarget.value)} /> : null}
          {isSchedule ? null : <TextInput className={styles.grow ?? ''} label={t('admin.trace.user')} value={user} onChange={(event) => setUser(event.currentTarget.value)} />}
        </div>
        {isSchedule || (isSave && operation === 'delete') ? null : (
          <Textarea
            label={t(isSave ? 'admin.trace.values' : 'admin.trace.parameters')}
            description={t(isSave ? 'admin.trace.values.text' : 'admin.trace.parameters.text')}
            placeholder={'{ "months": 36 }'}
            rows={3}
            value={text}
            error={values ? null : t('admin.trace.values.wrong')}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        <div>
          <Button ref={start} type="submit" loading={trace.isPending}>
            {t('admin.trace.start')}
          </Button>
        </div>
      </form>
      {trace.isError ? (
        <p className={styles.error} role="alert">
          {failureText(t, trace.error)}
        </p>
      ) : null}
      {trace.data?.problems[0] ? (
        <p className={styles.error} role="alert">
          {problemText(trace.data.problems[0])}
        </p>
      ) : null}
      {trace.data && trace.data.problems.length === 0 ? <TraceResult trace={trace.data} /> : null}
    </section>
  );
}
