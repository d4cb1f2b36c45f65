import { Button, Drawer } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useApi } from '@/api/api-context';
import { failureText } from '@/api/failure-text';
import { useTexts } from '@/lib/i18n/text';
import { Bone } from '@/ui/bone';
import { useNarrow } from '@/ui/narrow';
import { Question } from '@/ui/question';
import { personJobQuery, previewQuery, startJob, type ErasureGroup, type Person } from '../api/privacy';
import styles from './privacy.module.css';

/** A job about the person: asking for it, and how far it is. */
function usePersonJob(kind: 'exports' | 'erasures', person: Person) {
  const api = useApi();
  const start = useMutation({ mutationFn: () => startJob(api, kind, person) });
  const job = useQuery(personJobQuery(api, start.data?.id)).data ?? start.data;
  return { start, job, isRunning: start.isPending || (job !== undefined && !job.finishedAt), hasEnded: job?.state === 'finished' };
}

type PersonJobState = ReturnType<typeof usePersonJob>;

function Progress({ job, start, isRunning }: PersonJobState) {
  const t = useTexts();
  const failure = start.error ? failureText(t, start.error) : job?.error?.detail;
  if (failure) return <p role="alert" className={styles.text}>{failure}</p>;
  return (
    <p role="status" className={styles.text}>
      {job && isRunning ? t('privacy.working', { done: job.done, total: job.total }) : job?.failed ? t('privacy.failed', { count: job.failed }) : ''}
    </p>
  );
}

function ExportPart({ person }: { person: Person }) {
  const t = useTexts();
  const work = usePersonJob('exports', person);
  return (
    <section className={styles.part}>
      <h3 className={styles.title}>{t('privacy.export')}</h3>
      <p className={styles.text}>{t('privacy.export.text')}</p>
      {work.hasEnded && work.job ? (
        // In place of the button that had the focus.
        <Button component="a" variant="default" ref={(link: HTMLAnchorElement | null) => link?.focus()} href={`/api/privacy/exports/${work.job.id}/file`} download>
          {t('privacy.export.fetch')}
        </Button>
      ) : (
        <Button variant="default" loading={work.isRunning} onClick={() => work.start.mutate()}>
          {t('privacy.export.start')}
        </Button>
      )}
      <Progress {...work} />
    </section>
  );
}

function Group({ group }: { group: ErasureGroup }) {
  const t = useTexts();
  const until = group.until ? t('privacy.until', { date: new Date(group.until).toLocaleDateString(t.language, { dateStyle: 'medium' }) }) : undefined;
  const why = [group.reason, until].filter(Boolean).join(', ');
  return (
    <li className={styles.group}>
      <span className={styles.head}>
        <strong>
          {group.label}: {group.count}
        </strong>
        <span>{t(`privacy.fate.${group.fate}`)}</span>
      </span>
      {why ? <span className={styles.text}>{why}</span> : null}
      {group.fields.length > 0 ? <span className={styles.text}>{t('privacy.fields', { fields: group.fields.join(', ') })}</span> : null}
    </li>
  );
}

function ErasePart({ person, title, opened }: { person: Person; title: string; opened: boolean }) {
  const t = useTexts();
  const api = useApi();
  const queries = useQueryClient();
  const work = usePersonJob('erasures', person);
  const [asks, setAsks] = useState(false);
  const preview = useQuery(previewQuery(api, person, opened && !work.hasEnded));
  const { hasEnded } = work;
  useEffect(() => {
    if (hasEnded) void queries.invalidateQueries({ queryKey: ['records'] });
  }, [hasEnded, queries]);
  return (
    <section className={styles.part}>
      <h3 className={styles.title}>{t('privacy.erase')}</h3>
      <p className={styles.text} role="status">
        {t(hasEnded ? 'privacy.erase.done' : 'privacy.erase.text')}
      </p>
      {hasEnded ? null : preview.isPending ? (
        <Bone width="80%" />
      ) : preview.isError ? (
        <p role="alert" className={styles.text}>
          {failureText(t, preview.error)}
        </p>
      ) : (
        <>
          <ul className={styles.groups}>
            {preview.data.groups.map((group) => (
              <Group key={`${group.entity} ${group.fate} ${group.reason ?? ''}`} group={group} />
            ))}
          </ul>
          <Button color="red" variant="light" loading={work.isRunning} onClick={() => setAsks(true)}>
            {t('privacy.erase.start')}
          </Button>
        </>
      )}
      <Progress {...work} />
      <Question
        opened={asks}
        onClose={() => setAsks(false)}
        title={t('privacy.erase.confirm')}
        text={t('privacy.erase.confirm.text', { name: title })}
        answers={[
          { label: t('common.cancel'), safe: true, onClick: () => setAsks(false) },
          {
            label: t('privacy.erase.now'),
            variant: 'filled',
            color: 'red',
            onClick: () => {
              setAsks(false);
              work.start.mutate();
            },
          },
        ]}
      />
    </section>
  );
}

/** What a person may ask for: all that is kept about them, and that it goes. */
export function PrivacyPanel({ person, title, opened, onClose }: { person: Person; title: string; opened: boolean; onClose(): void }) {
  const t = useTexts();
  const narrow = useNarrow();
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={narrow ? '100%' : '30rem'}
      title={t('privacy.of', { name: title })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      styles={{ title: { fontWeight: 600, fontSize: 'var(--x-size-large)', overflowWrap: 'anywhere' } }}
    >
      <div className={styles.panel}>
        <ExportPart person={person} />
        <ErasePart person={person} title={title} opened={opened} />
      </div>
    </Drawer>
  );
}
