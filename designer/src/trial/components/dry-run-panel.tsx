import { Button, Progress, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { RecordName } from '@/fields/record-name';
import { formatNumber } from '@/lib/format';
import { useTexts, type TextKey } from '@/lib/i18n/text';
import { Badge } from '@/ui/badge';
import type { Change, Sample } from '../api/trials';
import { useDryRun, type DryRun } from '../hooks/use-dry-run';
import { ChangeList } from './change-list';
import styles from './trial.module.css';

const outcomes: Record<Sample['outcome'], { label: TextKey; color: string }> = {
  changed: { label: 'admin.dryRun.changed', color: 'blue' },
  refused: { label: 'admin.dryRun.refused', color: 'yellow' },
  failed: { label: 'admin.dryRun.failed', color: 'red' },
};

function SampleCard({ entity, sample, onTrace }: { entity: string; sample: Sample; onTrace: DryRunPanelProps['onTrace'] }) {
  const t = useTexts();
  const { label, color } = outcomes[sample.outcome];
  return (
    <li className={styles.card}>
      <div className={styles.cardTop}>
        <RecordName entity={entity} id={sample.id} name={sample.title ?? undefined} />
        <Badge color={color} label={t(label)} />
      </div>
      {sample.changes.length > 0 ? <ChangeList changes={sample.changes} /> : null}
      {sample.errors.map((error) => (
        <p key={`${error.field} ${error.message}`} className={styles.error}>
          {error.message}
        </p>
      ))}
      {sample.detail && sample.errors.length === 0 ? <p className={styles.error}>{sample.detail}</p> : null}
      {onTrace ? (
        <div>
          <Button variant="default" onClick={() => onTrace(sample.id)}>
            {t('admin.trace.this')}
          </Button>
        </div>
      ) : null}
    </li>
  );
}

function Result({ entity, run, onTrace }: { entity: string; run: DryRun; onTrace: DryRunPanelProps['onTrace'] }) {
  const t = useTexts();
  const number = (value: number) => formatNumber(value, t.language);
  const summary = t('admin.dryRun.summary', { changed: number(run.changed), refused: number(run.refused), failed: number(run.failed), examined: number(run.examined), total: number(run.total) });
  return (
    <>
      {run.isRunning ? <Progress value={run.total > 0 ? (run.examined / run.total) * 100 : 0} aria-label={t('admin.dryRun.progress')} /> : null}
      <p className={styles.hint} role="status">
        {summary}
      </p>
      {run.error ? <p className={styles.error}>{run.error}</p> : null}
      {run.samples.length > 0 ? (
        <ul className={styles.list} aria-label={t('admin.dryRun.samples')}>
          {run.samples.map((sample) => (
            <SampleCard key={sample.id} entity={entity} sample={sample} onTrace={onTrace} />
          ))}
        </ul>
      ) : null}
    </>
  );
}

interface DryRunPanelProps {
  entity: string;
  /** What is tried; null while it cannot be, because it is not written to its end. */
  change: Change | null;
  /** Takes who asks for it to the trace of a record; missing where nothing can be traced. */
  onTrace?: ((record: string) => void) | undefined;
}

/** Tries a rule, or another formula, on the records that are there, without effect. */
export function DryRunPanel({ entity, change, onTrace }: DryRunPanelProps) {
  const t = useTexts();
  const [filter, setFilter] = useState('');
  const [tried, setTried] = useState('');
  const { run, start, stop } = useDryRun(entity);
  const heading = useId();
  return (
    <section className={styles.section} aria-labelledby={heading}>
      <h2 className={styles.heading} id={heading}>
        {t('admin.dryRun')}
      </h2>
      <p className={styles.hint}>{t(change && 'field' in change ? 'admin.dryRun.formula.text' : 'admin.dryRun.text')}</p>
      <form
        className={styles.bar}
        onSubmit={(event) => {
          event.preventDefault();
          if (!change) return;
          setTried(JSON.stringify(change));
          void start(change, filter);
        }}
      >
        <TextInput className={styles.grow ?? ''} label={t('admin.dryRun.filter')} placeholder="status eq 'active'" value={filter} onChange={(event) => setFilter(event.currentTarget.value)} />
        {run?.isRunning ? (
          <Button variant="default" onClick={stop}>
            {t('admin.dryRun.stop')}
          </Button>
        ) : (
          <Button type="submit" disabled={!change}>
            {t('admin.dryRun.start')}
          </Button>
        )}
      </form>
      {run && tried !== JSON.stringify(change) ? <p className={styles.hint}>{t('admin.trial.changed')}</p> : null}
      {run ? <Result entity={entity} run={run} onTrace={onTrace} /> : null}
    </section>
  );
}
